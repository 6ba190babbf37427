"""The export is all that is kept of a person beside datasets, and none of the secrets, notes and drafts of others."""

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from fixpoint.accounts.models import Token, User
from fixpoint.organizing.acts import What, act_record
from fixpoint.organizing.models import Juror, Nomination, Vote
from fixpoint.tasks.models import Draft, Participant, Task
from fixpoint.teams.models import Member, TeamEvent
from tests.pages.rows import entry_of, scored, training
from tests.support.platform import accepted_dataset, open_task, person


@pytest.fixture
def ada(db) -> User:
    return person("ada")


@pytest.fixture
def task(db) -> Task:
    return open_task("numerals")


@pytest.fixture
def entry(ada, task):
    entry = scored(training(entry_of(accepted_dataset(ada, task, "=1+1")), [(1.0, 0.5)]))
    entry.title, entry.description, entry.link = "=Steady", "What I did.", "https://example.org/post"
    entry.notes, entry.is_chosen = "Try fewer next.", True
    entry.save()
    return entry


def taken(user: User) -> dict[str, str]:
    client = Client()
    client.force_login(user)
    with zipfile.ZipFile(io.BytesIO(client.get("/me/account/export/").getvalue())) as file:
        return {name: file.read(name).decode("utf-8-sig") for name in file.namelist()}


def told(user: User, name: str):
    return json.loads(taken(user)[f"{name}.json"])


def test_an_entry_is_told_with_all_that_its_owner_wrote(ada, entry):
    files = taken(ada)
    [found] = json.loads(files["entries.json"])
    [line] = csv.DictReader(io.StringIO(files["entries.csv"]))

    assert [found[name] for name in ("title", "description", "link", "notes", "chosen", "entered_by", "seeds")] == [
        "=Steady", "What I did.", "https://example.org/post", "Try fewer next.", True, "ada", entry.seeds,
    ]  # fmt: skip
    assert (line["title"], line["notes"], line["chosen"]) == ("'=Steady", "Try fewer next.", "True")


def test_a_mates_private_notes_are_not_told(ada, entry, task):
    eva = person("eva")
    Member.objects.create(team=entry.team, task=task, user=eva)

    [found] = told(eva, "entries")

    assert (found["title"], found["entered_by"], found["notes"]) == ("=Steady", "ada", "")


def test_teams_are_told_without_the_secret_of_their_invitation(ada, entry):
    TeamEvent.objects.create(team=entry.team, who="ada", what="ada renamed the team")

    files = taken(ada)
    [team] = json.loads(files["teams.json"])

    assert [team[name] for name in ("team", "name", "task", "captain")] == [
        str(entry.team_id), entry.team.name, "numerals", True,
    ]  # fmt: skip
    assert team["joined_at"]
    assert [event["what"] for event in team["events"]] == ["ada renamed the team"]
    assert not any(entry.team.invitation in text for text in files.values())


def test_how_one_asked_to_be_let_in_is_told_and_no_key_of_an_invitation(ada, task):
    asked = Participant.objects.create(task=task, user=ada, state=Participant.State.ASKED, text="Let me in.")

    files = taken(ada)

    [found] = json.loads(files["tasks.json"])
    assert (found["task"], found["state"], found["text"]) == ("numerals", "asked", "Let me in.")
    assert not any(str(asked.key) in text for text in files.values())


def test_a_jurors_votes_are_told_to_the_juror_alone(ada, entry, task):
    eva = person("eva")
    Juror.objects.create(task=task, user=eva)
    nomination = Nomination.objects.create(submission=entry, description="New.")
    Vote.objects.create(nomination=nomination, user=eva, points=4, comment="Neat.")

    jury = told(eva, "jury")

    assert jury["juror_of"] == ["numerals"]
    assert [(vote["entry"], vote["points"], vote["comment"]) for vote in jury["votes"]] == [(str(entry.pk), 4, "Neat.")]
    assert "Neat." not in "".join(taken(ada).values())


def test_what_an_organizer_did_is_told_and_drafts_with_their_fields(task, organizer):
    Draft.objects.create(owner=organizer, fields={"title": "Leaves"})
    act_record(who=organizer, task=task, what=What.SETTINGS, why="A longer text.")

    found = told(organizer, "organizing")

    assert [draft["fields"] for draft in found["drafts"]] == [{"title": "Leaves"}]
    assert [(act["task"], act["why"]) for act in found["acts"]] == [("numerals", "A longer text.")]


def test_who_has_the_name_of_a_machines_user_is_not_told_what_its_commands_did(ada, task):
    act_record(who="ada", task=task, what=What.SETTINGS, why="By a command.")

    assert told(ada, "organizing")["acts"] == []


def test_tokens_are_told_with_their_ends_and_without_their_digests(ada):
    Token.objects.create(user=ada, name="ci", digest="d" * 64, expires_at=timezone.now() + timedelta(days=1))

    files = taken(ada)
    [token] = json.loads(files["account.json"])["tokens"]

    assert (token["name"], token["revoked_at"]) == ("ci", None)
    assert token["expires_at"]
    assert not any("d" * 64 in text for text in files.values())


def test_its_readme_names_every_file(ada, entry):
    files = taken(ada)

    named = {line.split()[0].rstrip(",") for line in files["README.txt"].splitlines()[2:]}
    inside = {f"{name.partition('/')[0]}/" if "/" in name else name for name in files}
    assert named - {"remarks/"} == inside - {"README.txt", "entries.csv"}  # none of its datasets has a remark
