"""What a team may be called: what can be read, and nobody else."""

import pytest

from fixpoint.teams.rules import TeamRefusedError
from fixpoint.teams.services import team_create, team_ensure, team_rename


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("  Engine   Room ", "Engine Room"),
        ("ＥＮＧＩＮＥ", "ENGINE"),
        ("Ⅳ legion", "IV legion"),
        ("команда", "команда"),
        ("a" * 60, "a" * 60),
    ],
)
def test_a_name_is_kept_as_it_reads(task, owner, name, kept):
    assert team_create(user=owner, task=task, name=name).name == kept


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "3 to 60 signs"),
        ("ab", "3 to 60 signs"),
        ("a" * 61, "3 to 60 signs"),
        ("a\u202ebc", "can be seen"),
        ("a\u200bbc", "can be seen"),
        ("abc\x00", "can be seen"),
        ("---", "letters, digits"),
        ("Еngine", "in one alphabet"),
        ("STRANGER", "Another person is called so"),
        ("engine", "Another team of this task is called so"),
    ],
)
def test_a_name_that_misleads_is_refused_with_the_reason(task, owner, stranger, rows, name, why):
    team_create(user=rows.person("other"), task=task, name="Engine")
    with pytest.raises(TeamRefusedError, match=why):
        team_create(user=owner, task=task, name=name)


def test_ones_own_name_and_a_name_of_another_task_are_free(rows, task, owner, stranger):
    team_create(user=stranger, task=rows.open_task("elsewhere"), name="Engine")
    assert team_create(user=owner, task=task, name="Engine").name == "Engine"
    assert team_create(user=owner, task=task, name="owner").name == "owner"


def test_who_has_a_team_of_one_gives_it_the_name(task, owner):
    first = team_ensure(user=owner, task=task)
    assert team_create(user=owner, task=task, name="Engine") == first
    assert first.members.count() == 1
    assert [each.what for each in first.events.all()] == ["owner renamed the team from owner to Engine."]


def test_the_same_name_once_more_is_no_event(task, owner):
    team = team_create(user=owner, task=task, name="Engine")
    team_rename(team=team, who=owner, name="Engine")
    assert team.events.count() == 1
