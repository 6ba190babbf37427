"""Names are compared as the database's own constraint compares them, whatever letters it knows."""

from string import ascii_lowercase, ascii_uppercase

import pytest
from django.db import connection

from fixpoint.submissions.services import submission_enter
from fixpoint.teams.rules import TeamRefusedError
from fixpoint.teams.selectors import team_of
from fixpoint.teams.services import team_create, team_ensure, team_rename

ALIKE = [("ÉTÉ été", "été été"), ("İstanbul", "i\u0307stanbul"), ("ΑΒΓ", "αβγ"), ("Straße", "STRAßE")]
CAPITALS = str.maketrans(ascii_uppercase, ascii_lowercase)
CALLED_SO = "Another team of this task is called so"


@pytest.fixture(autouse=True)
def _a_database_that_knows_all_letters(db):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL lowers letters by its cluster's locale, which is C in tests.")
    connection.ensure_connection()
    connection.connection.create_function("LOWER", 1, str.lower, deterministic=True)
    yield
    connection.connection.create_function("LOWER", 1, _lowered_by_sqlite, deterministic=True)


def _lowered_by_sqlite(text):
    # A function that was replaced does not come back; this one does what SQLite's own did.
    return text.translate(CAPITALS) if isinstance(text, str) else text


@pytest.mark.parametrize(("there", "wanted"), ALIKE)
def test_a_name_that_the_database_takes_for_another_teams_is_refused(task, owner, stranger, there, wanted):
    team_create(user=stranger, task=task, name=there)

    with pytest.raises(TeamRefusedError, match=CALLED_SO):
        team_create(user=owner, task=task, name=wanted)


@pytest.mark.parametrize(("there", "wanted"), ALIKE)
def test_no_team_is_renamed_to_it_either(task, owner, stranger, there, wanted):
    team_create(user=stranger, task=task, name=there)
    team = team_create(user=owner, task=task, name="Engine")

    with pytest.raises(TeamRefusedError, match=CALLED_SO):
        team_rename(team=team, who=owner, name=wanted)
    team.refresh_from_db()
    assert team.name == "Engine"


def test_a_team_is_renamed_to_other_capitals_of_its_own_name(task, owner):
    team = team_create(user=owner, task=task, name="ÉTÉ")

    assert team_rename(team=team, who=owner, name="été").name == "été"


def test_who_enters_under_a_name_that_a_team_bears_gets_a_number(rows, task, stranger):
    team_create(user=stranger, task=task, name="Élodie")
    person = rows.person("élodie")

    submission_enter(owner=person, dataset=rows.accepted_dataset(person, task))

    assert team_of(person, task).name == "élodie (2)"
    assert team_ensure(user=person, task=task).name == "élodie (2)"


def test_no_team_is_called_as_another_person(rows, task, owner):
    rows.person("Élodie")

    with pytest.raises(TeamRefusedError, match="Another person is called so"):
        team_create(user=owner, task=task, name="éLODIE")


def test_names_that_only_capitals_make_alike_are_two(task, owner, stranger):
    team_create(user=stranger, task=task, name="straße")

    assert team_create(user=owner, task=task, name="STRASSE").name == "STRASSE"
