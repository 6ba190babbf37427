"""The board as JSON: what it says, page by page, and that it is sent again only where it has changed."""

from datetime import timedelta
from random import Random

import pytest
from django.test import Client
from django.utils import timezone

from fixpoint.accounts.models import User
from fixpoint.leaderboard import cached, keeping
from fixpoint.leaderboard.freezing import boards_freeze
from fixpoint.leaderboard.shelf import Shelf
from fixpoint.submissions.disqualifying import submission_disqualify
from fixpoint.submissions.models import Result, Submission
from fixpoint.tasks.models import Task
from tests.leaderboard.entering import IMAGES, enter_scored
from tests.support import platform as rows

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "/tasks/numerals/board.json"


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch):
    keeping.forget_all()
    monkeypatch.setattr(cached, "_SHELF", Shelf(most_bytes=10**6, fresh_seconds=60))
    yield
    keeping.forget_all()


@pytest.fixture
def task():
    return rows.open_task(hidden=IMAGES, accuracy_floor=0.1)


def look(address=ADDRESS, **headers):
    return Client().get(address, headers=headers)


def ranked(*fields):
    rows = look().json()["lists"]["accuracy"]["rows"]
    return [[row["team"]["name"] if field == "team" else row[field] for field in fields] for row in rows]


def test_it_says_of_each_entry_what_the_page_says(task):
    entry = enter_scored(task, rows.person("ada"), Random(1))
    baseline = enter_scored(task, rows.person("org"), Random(2), role="baseline")
    found = look().json()
    [row] = found["lists"]["accuracy"]["rows"]
    result = Result.objects.get(pk=entry.pk)
    assert row["entry"] == str(entry.pk)
    assert (row["rank"], row["team"]["name"], row["role"], row["images"], row["team_entries"]) == (
        1,
        "ada",
        "participant",
        8,
        1,
    )
    assert row["team"] == {"id": str(entry.team_id), "name": "ada", "members": ["ada"]}
    assert row["accuracy"] == row["public_accuracy"] == entry.accuracy
    assert row["interval"][0] < entry.accuracy < row["interval"][1]
    assert row["improvement"] == pytest.approx(entry.accuracy - baseline.accuracy)
    assert row["standardised"] == {"kwh": result.standardised_kwh, "g": pytest.approx(result.standardised_kwh * 445)}
    assert row["measured"]["level"] == "M1"
    assert row["team_total"]["kwh"] == round(entry.energies.get().kwh, 12)  # columns.PER_KWH
    assert (row["evidence_group"], row["is_tied"], row["is_on_front"]) == (1, False, True)
    [apart] = found["lists"]["apart"]["rows"]
    assert (row["name"], apart["name"]) == (None, baseline.dataset.name)
    assert (apart["entry"], apart["role"], apart["evidence_group"]) == (str(baseline.pk), "baseline", None)
    assert found["titles"] == {"most_accurate": str(entry.pk), "greenest": [str(entry.pk)]}
    assert (found["scores"], found["number"], found["page"], found["pages"]) == ("public", 2, 1, 1)


def test_it_pages_through_a_hundred_rows_at_a_time(task):
    people = [User(username=f"person{number}", email=f"{number}@example.org") for number in range(101)]
    for number, owner in enumerate(User.objects.bulk_create(people)):
        enter_scored(task, owner, Random(number))
    first, second = look().json(), look(f"{ADDRESS}?page=2").json()
    assert first["pages"] == second["pages"] == 2
    assert len(first["lists"]["accuracy"]["rows"]) == 100
    assert [row["rank"] for row in second["lists"]["accuracy"]["rows"]] == [101]
    for page in ("3", "0", "-1", "two", "١", "9" * 30):
        assert look(f"{ADDRESS}?page={page}").status_code == 404


def test_who_has_it_already_is_told_so_until_something_changes(task):
    owner = rows.person("ada")
    enter_scored(task, owner, Random(1))
    first = look()
    assert first["Cache-Control"] == "no-cache"
    again = look(if_none_match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    enter_scored(task, owner, Random(2))
    changed = look(if_none_match=first["ETag"])
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


@pytest.mark.parametrize("setting", [{"accuracy_floor": 0.9}, {"title": "Other"}, {"counting": "chosen"}, {"pue": 2.0}])
def test_a_task_that_was_changed_has_another_board_at_once(task, setting):
    enter_scored(task, rows.person("ada"), Random(1))
    first = look()
    Task.objects.update(**setting)
    assert look()["ETag"] != first["ETag"]


def test_a_warm_answer_is_not_made_again(task, monkeypatch, django_assert_num_queries):
    enter_scored(task, rows.person("ada"), Random(1))
    first = look()
    monkeypatch.setattr("fixpoint.leaderboard.views.board_json", None)
    with django_assert_num_queries(1):
        assert look().content == first.content


def test_after_the_close_the_private_scores_rank_and_the_shake_up_is_told(task):
    ada, bob = (enter_scored(task, rows.person(name), Random(name)) for name in ("ada", "bob"))
    for entry, told, private in ((ada, 0.9, 0.4), (bob, 0.8, 0.5)):
        Submission.objects.filter(pk=entry.pk).update(accuracy=told)
        Result.objects.filter(pk=entry.pk).update(accuracy_private=private)
    assert ranked("team", "accuracy", "shake_up") == [["ada", 0.9, None], ["bob", 0.8, None]]
    Task.objects.update(closes_at=timezone.now() + timedelta(microseconds=1))
    assert ranked("team", "accuracy", "public_accuracy") == [["bob", 0.5, 0.8], ["ada", 0.4, 0.9]]
    assert ranked("public_rank", "shake_up") == [[2, 1], [1, -1]]


def test_entries_after_the_close_stand_apart(task):
    early = enter_scored(task, rows.person("ada"), Random(1))
    late = enter_scored(task, rows.person("bob"), Random(2))
    Submission.objects.filter(pk=early.pk).update(created_at=timezone.now() - timedelta(hours=1))
    Task.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    found = look().json()["lists"]
    assert [row["entry"] for row in found["accuracy"]["rows"]] == [str(early.pk)]
    assert [row["entry"] for row in found["late"]["rows"]] == [str(late.pk)]


def closed(task):
    """Ada before Ben in a task that is over, frozen as revision 1."""
    entries = [enter_scored(task, rows.person(name), Random(name)) for name in ("ada", "ben")]
    for entry, accuracy in zip(entries, (0.9, 0.8), strict=True):
        Submission.objects.filter(pk=entry.pk).update(accuracy=accuracy, created_at=timezone.now() - timedelta(hours=1))
    Task.objects.update(closes_at=timezone.now() - timedelta(minutes=1))
    Result.objects.update(accuracy_public=0.5, accuracy_private=None)
    Result.objects.filter(pk=entries[0].pk).update(accuracy_public=0.75)
    assert boards_freeze() == 1
    return entries


def teams(answer, name="accuracy"):
    return [row["team"]["name"] for row in answer.json()["lists"][name]["rows"]]


def test_of_a_closed_task_it_is_the_frozen_revision_and_what_came_late_is_live(task):
    best, _other = closed(task)
    submission_disqualify(submission=best, why="The hidden images were in it.", who="anna")
    enter_scored(task, rows.person("cleo"), Random(3))

    found = look()
    assert teams(found) == ["ada", "ben"]
    assert teams(found, "late") == ["cleo"]
    assert (found.json()["revision"], found.json()["scores"]) == (1, "final")

    assert boards_freeze() == 1
    assert (teams(look()), look().json()["revision"]) == (["ben"], 2)
    assert look().json()["titles"]["most_accurate"] == look().json()["lists"]["accuracy"]["rows"][0]["entry"]
    older = look(f"{ADDRESS}?revision=1")
    assert (teams(older), older.json()["revision"]) == (["ada", "ben"], 1)
    for wrong in ("3", "0", "x"):
        assert look(f"{ADDRESS}?revision={wrong}").status_code == 404


def test_a_live_board_has_no_revision_and_a_frozen_one_the_rules_of_then(task):
    assert look().json()["revision"] is None
    before = look().json()["rules"]
    closed(task)
    Task.objects.update(accuracy_floor=0.3)

    assert before["accuracy_floor"] == 0.1
    assert look().json()["rules"] == before | {"closes_at": Task.objects.get().closes_at.isoformat()}


def test_a_draft_is_there_for_organizers_alone_and_kept_by_no_cache(task):
    Task.objects.update(status="preparing")
    assert look().status_code == 404
    client = Client()
    client.force_login(rows.person("organizer", role="organizer"))
    answer = client.get(ADDRESS)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    assert look().status_code == 404


def test_the_page_is_kept_for_nobody_in_particular_and_made_for_who_is_signed_in(task):
    enter_scored(task, rows.person("ada"), Random(1))
    page = "/tasks/numerals/board/"
    client = Client()
    client.force_login(rows.person("bob"))
    assert b"Sign out" in client.get(page).content
    assert b"Sign out" not in look(page).content
    assert b"Sign out" in client.get(page).content
    assert look(page, if_none_match=look(page)["ETag"]).status_code == 304
