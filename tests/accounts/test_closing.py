"""Deleting one's account: closed at once, kept by signing in again, erased after thirty days."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from fixpoint.accounts.models import Notice, User
from fixpoint.accounts.notices import notices_give, notices_mail
from fixpoint.datasets.models import Dataset
from fixpoint.organizing.erasing import account_erase, accounts_erase
from fixpoint.organizing.jobs import keep_house
from fixpoint.submissions.disqualifying import submission_disqualify
from fixpoint.submissions.models import Submission
from fixpoint.submissions.services import submission_cancel
from fixpoint.submissions.teaming import team_join
from fixpoint.tasks.models import Draft, DraftFile, Participant, Task
from fixpoint.teams.models import Team, TeamEvent
from fixpoint.teams.noting import team_note
from fixpoint.teams.services import team_ensure
from fixpoint.uploads.models import Upload
from tests.pages.rows import entry_of, scored, training
from tests.support.platform import accepted_dataset, open_task, person

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
WHILE = timedelta(days=30, minutes=1)


def sign_in(client: Client, name: str = "ada"):
    return client.post("/accounts/login/", {"login": name, "password": PASSWORD}, follow=True)


@pytest.fixture
def ada(client):
    user = person("ada")
    EmailAddress.objects.create(user=user, email=user.email, primary=True)
    sign_in(client)
    return user


def close(client: Client):
    return client.post("/me/account/delete/", {"password": PASSWORD}, follow=True)


def long_ago(user: User) -> None:
    User.objects.filter(pk=user.pk).update(closed_at=timezone.now() - WHILE)


def test_without_the_password_nothing_happens(client, ada):
    page = client.post("/me/account/delete/", {"password": "another one 123"})

    assert b"This is not your password." in page.content
    ada.refresh_from_db()
    assert ada.closed_at is None


def test_it_signs_out_everywhere(client, ada):
    elsewhere = Client()
    sign_in(elsewhere)

    assert b"Sign in within 30 days" in close(client).content

    assert "_auth_user_id" not in client.session
    assert elsewhere.get("/me/").status_code == 302


def test_signing_in_again_keeps_the_account_and_all_of_it(client, ada):
    close(client)

    assert b"your account is kept" in sign_in(client).content

    ada.refresh_from_db()
    assert (ada.closed_at, ada.username, client.get("/me/").status_code) == (None, "ada", 200)


def test_whoever_has_left_is_mailed_nothing_until_they_are_back(client, ada):
    close(client)
    notices_give(to=[ada], subject="x", text="", path="/")
    assert notices_mail() == 0

    sign_in(client)

    assert notices_mail() == 1


def test_before_its_time_nothing_is_erased(client, ada):
    close(client)

    assert accounts_erase() == 0

    ada.refresh_from_db()
    assert (ada.username, ada.erased_at) == ("ada", None)


def test_after_its_time_the_daily_round_erases_name_address_and_ways_in(client, ada, settings):
    settings.KEEPS_HOUSE = False
    notices_give(to=[ada], subject="x", text="", path="/")
    close(client)
    long_ago(ada)

    keep_house()

    ada.refresh_from_db()
    assert ada.username.startswith("deleted-")
    assert (ada.email, ada.is_active, ada.has_usable_password()) == (f"{ada.username}@deleted.invalid", False, False)
    assert ada.erased_at is not None
    assert not EmailAddress.objects.exists()
    assert not Notice.objects.exists()
    sign_in(client)
    assert "_auth_user_id" not in client.session


def test_scored_entries_stay_on_their_board_under_a_neutral_name(client, ada):
    task = open_task("numerals")
    written = {"title": "Ada L.", "description": "Ada Lovelace", "link": "https://ada.example/x", "notes": "of Ada"}
    made = entry_of(accepted_dataset(ada, task, "ada's own"), **written)
    entry = scored(training(made, [(1.0, 0.5)]))
    Team.objects.update(name="ADA")
    assert "ADA" in client.get("/tasks/numerals/board.csv").content.decode()
    assert "Ada Lovelace" in client.get(f"/entries/{entry.pk}/").content.decode()
    close(client)
    long_ago(ada)

    account_erase(user_id=ada.pk)

    ada.refresh_from_db()
    board = Client().get("/tasks/numerals/board.csv").content.decode()
    assert ada.username in board
    assert re.search(r"\bada\b", board, re.IGNORECASE) is None
    assert re.search(r"\bada\b", Client().get("/tasks/numerals/board.json").content.decode(), re.IGNORECASE) is None
    assert Submission.objects.filter(title="", description="", link="", notes="").count() == 1
    for address in ("", "provenance/", "provenance.json", "certificate/", "badge.svg"):
        page = Client().get(f"/entries/{entry.pk}/{address}")
        assert page.status_code == 200, address
        assert re.search(r"\bada\b", page.content.decode(), re.IGNORECASE) is None, address
    assert "by ada" not in Client().get(f"/entries/{entry.pk}/").content.decode()


@pytest.mark.parametrize(
    ("name", "rest"),
    [("ada", ""), ("Ada", ""), ("ADA (2)", " (2)"), ("ａｄａ", ""), ("ada team", None), ("adaline", None)],
)
def test_a_teams_name_is_the_persons_in_whatever_capitals_and_with_a_number(client, ada, name, rest):
    team = team_ensure(user=ada, task=open_task())
    Team.objects.update(name=name)
    team_note(team=team, who=ada, what=f"ada renamed the team from x to {name}.")
    long_ago(ada)

    accounts_erase()

    team.refresh_from_db()
    after = User.objects.get(pk=ada.pk).username
    assert team.name == (name if rest is None else f"{after}{rest}")
    assert not TeamEvent.objects.filter(what__startswith="ada ").exists()


def test_a_team_of_a_name_too_long_for_one_is_known_by_its_beginning(client):
    user = person("a" * 80)
    team, other = (
        team_ensure(user=each, task=open_task(f"task-{n}")) for n, each in enumerate([user, person("a" * 59)])
    )
    assert (len(team.name), len(other.name)) == (60, 59)
    long_ago(user)

    accounts_erase()

    team.refresh_from_db()
    other.refresh_from_db()
    assert (team.name, other.name) == (User.objects.get(pk=user.pk).username, "a" * 59)


def test_the_board_of_a_team_of_the_name_is_read_again_where_others_entered_for_it(client, ada):
    task = open_task("numerals")
    team, mate = team_ensure(user=ada, task=task), person("mate")
    team_join(user=mate, invitation=team.invitation)
    entry = scored(training(entry_of(accepted_dataset(mate, task)), [(1.0, 0.5)]))
    before = Client().get("/tasks/numerals/board.csv").content.decode()
    long_ago(ada)

    accounts_erase()

    team.refresh_from_db()
    entry.refresh_from_db()
    after = Client().get("/tasks/numerals/board.csv").content.decode()
    # As a word: one in two hundred numbers of entries has these three digits in it.
    assert [bool(re.search(r"\bada\b", told)) for told in (before, after)] == [True, False]
    assert team.name in after
    assert entry.board_number == Task.objects.get().board_number > 0


def test_the_team_is_led_by_who_is_in_it_for_the_longest_time_and_has_an_account(client, ada):
    team = team_ensure(user=ada, task=open_task())
    gone, second, third = (person(name) for name in ("gone", "second", "third"))
    for user in (gone, second, third):
        team_join(user=user, invitation=team.invitation)
    User.objects.filter(pk=gone.pk).update(closed_at=timezone.now())
    alone = team_ensure(user=ada, task=open_task("letters"))
    long_ago(ada)

    accounts_erase()

    team.refresh_from_db()
    alone.refresh_from_db()
    name = User.objects.get(pk=ada.pk).username
    assert (team.captain, alone.captain) == (second, ada)
    assert team.events.first().what == f"second is the captain now: {name} has deleted their account."
    assert Notice.objects.filter(user=second, text=team.events.first().what).exists()


def test_drafts_of_tasks_and_words_to_organizers_go(client, ada):
    olga, task = person("olga", role="organizer"), open_task(visibility="private")
    draft = Draft.objects.create(owner=ada, fields={"title": "Mine"}, task=task)
    DraftFile.objects.create(draft=draft, field="hidden_test", sha256="ab" * 32, size=1, name="hidden.zip")
    kept = Draft.objects.create(owner=olga, fields={"title": "Hers"})
    Participant.objects.create(task=task, user=ada, state="in", email="ada@example.org", text="I am Ada.")
    Participant.objects.create(task=task, user=olga, state="in", text="I am Olga.", decided_by="ada")
    long_ago(ada)

    accounts_erase()

    assert (list(Draft.objects.all()), DraftFile.objects.count(), Task.objects.count()) == ([kept], 0, 1)
    name = User.objects.get(pk=ada.pk).username
    told = Participant.objects.order_by("pk").values_list("email", "text", "decided_by")
    assert list(told) == [("", "", ""), ("", "I am Olga.", name)]


def test_what_this_person_stopped_of_others_tells_the_neutral_name_and_nobody_elses_is_touched(client, ada):
    task, mate = open_task(), person("mate")
    entries = [entry_of(accepted_dataset(mate, task, name)) for name in ("one", "two")]
    submission_cancel(submission=entries[0], who=ada)
    submission_cancel(submission=entries[1], who=person("ada.b"))
    long_ago(ada)

    accounts_erase()

    name = User.objects.get(pk=ada.pk).username
    told = [Submission.objects.get(pk=each.pk).reason for each in entries]
    assert told == [f"Cancelled by {each} before it started: not charged." for each in (name, "ada.b")]


@pytest.mark.parametrize("role", ["participant", "reference"])
def test_whoever_stopped_what_ran_is_not_named_for_it_either(client, ada, role):
    entry = entry_of(accepted_dataset(person("mate"), open_task()), status="training", role=role)
    submission_cancel(submission=entry, who=ada)
    long_ago(ada)

    accounts_erase()

    told = Submission.objects.get().reason
    assert told.startswith(f"Cancelled by {User.objects.get(pk=ada.pk).username}")
    assert "ada" not in told.split()


def test_a_name_that_could_not_be_forgotten_everywhere_is_forgotten_by_the_next_round(client, ada, monkeypatch):
    team = team_ensure(user=ada, task=open_task())
    long_ago(ada)
    with monkeypatch.context() as broken:
        broken.setattr("fixpoint.organizing.erasing.team_names_forget", lambda **_: 1 / 0)
        assert accounts_erase() == 0

    assert accounts_erase() == 1

    team.refresh_from_db()
    assert team.name == User.objects.get(pk=ada.pk).username != "ada"


def test_a_team_of_the_name_and_what_is_told_of_it_bear_the_neutral_one(client, ada):
    team = team_ensure(user=ada, task=open_task())
    team_note(team=team, who=person("adaline"), what="adaline asked whether ada leads ada's team.")
    chosen = team_ensure(user=ada, task=open_task("letters"))
    type(chosen).objects.filter(pk=chosen.pk).update(name="adamant")
    close(client)
    long_ago(ada)

    accounts_erase()

    name = User.objects.get(pk=ada.pk).username
    team.refresh_from_db()
    chosen.refresh_from_db()
    assert (team.name, chosen.name) == (name, "adamant")
    assert TeamEvent.objects.get().what == f"adaline asked whether {name} leads {name}'s team."


def test_images_of_all_datasets_go_and_what_waits_or_runs_is_stopped(client, ada):
    task = open_task("numerals")
    kept, waits, never = (accepted_dataset(ada, task, name) for name in ("kept", "waits", "never"))
    scored(training(entry_of(kept), [(1.0, 0.5)]))
    waiting = entry_of(waits)
    Upload.objects.create(
        owner=ada, task=task, length=10, name="x", filename="x.zip", expires_at=timezone.now() + WHILE
    )
    close(client)
    long_ago(ada)

    assert accounts_erase() == 1

    waiting.refresh_from_db()
    assert waiting.status == "cancelled"
    left = Dataset.objects.filter(owner=ada)
    assert {(each.name, each.pack_sha256, bool(each.purged_at)) for each in left} == {("deleted", "", True)}
    assert never.pk not in {each.pk for each in left}
    assert not Upload.objects.exists()


def test_who_decided_what_is_told_by_the_neutral_name(client):
    olga = person("olga", role="organizer")
    entry = scored(training(entry_of(accepted_dataset(person("ada"), open_task("numerals"))), [(1.0, 0.5)]))
    submission_disqualify(submission=entry, why="Copied.", who=olga.username)
    User.objects.filter(pk=olga.pk).update(closed_at=timezone.now() - WHILE)

    accounts_erase()

    olga.refresh_from_db()
    assert entry.transitions.filter(who=olga.username).count() == 1
    assert not entry.transitions.filter(who="olga").exists()
    assert Submission.objects.get(pk=entry.pk).disqualified_why == "Copied."


def test_an_erasing_that_failed_half_way_is_ended_by_the_next_round(client, ada, monkeypatch):
    accepted_dataset(ada, open_task("numerals"), "one")
    long_ago(ada)
    with monkeypatch.context() as broken:
        broken.setattr("fixpoint.organizing.erasing.dataset_purge", lambda **_: 1 / 0)
        assert accounts_erase() == 0
    name = User.objects.get(pk=ada.pk).username

    assert accounts_erase() == 1

    ada.refresh_from_db()
    assert (ada.username, ada.erased_at is not None) == (name, True)
    assert not Dataset.objects.exists()


def test_the_last_superuser_cannot_leave(client):
    User.objects.create_superuser("root", "root@example.org", PASSWORD)
    sign_in(client, "root")

    assert b"You are the last superuser." in close(client).content
    assert User.objects.get().closed_at is None


def test_nobody_takes_the_name_of_somebody_who_has_left(client):
    told = {"username": "Deleted-12345678", "email": "e@example.org", "password1": PASSWORD, "password2": PASSWORD}

    page = client.post("/accounts/signup/", told)

    assert b"This name is kept for people who have left." in page.content
    assert not User.objects.exists()


def test_whoever_has_no_password_types_their_name(client, ada):
    ada.set_unusable_password()
    ada.save()
    client.force_login(ada)

    assert b"This is not your name here." in client.post("/me/account/delete/", {"name": "eva"}).content
    client.post("/me/account/delete/", {"name": "ada"})

    assert User.objects.get(pk=ada.pk).closed_at is not None
