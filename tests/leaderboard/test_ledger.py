"""A ledger that followed every change says the same as one that is read afresh, and misses none."""

from random import Random

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from fixpoint.leaderboard import keeping
from fixpoint.leaderboard.selectors import board
from fixpoint.submissions.models import Submission
from fixpoint.submissions.teaming import team_join
from fixpoint.tasks.models import Task
from fixpoint.teams.models import Member, Team
from tests.leaderboard.entering import IMAGES, afresh, change_at_random, enter_scored, now, told
from tests.support import platform as rows
from tests.support.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nothing_kept():
    keeping.forget_all()
    yield
    keeping.forget_all()


@pytest.mark.parametrize("number", range(6))
def test_after_any_changes_it_is_as_if_it_had_been_read_afresh(number):
    random = Random(number)
    task = rows.open_task(hidden=IMAGES, seeds=1 + number % 2, counting=["best", "chosen"][number // 2 % 2])
    for name in ("ada", "bob", "cyd"):
        enter_scored(task, rows.person(name), random)
    for _ in range(25):
        change_at_random(task, random)
        assert told(board(now(task))) == afresh(task)


def test_a_change_is_read_by_one_statement_and_nothing_is_asked_where_there_is_none():
    random = Random(1)
    task = rows.open_task(hidden=IMAGES)
    people = [rows.person(f"person{number}") for number in range(12)]
    for owner in people[:3]:
        enter_scored(task, owner, random)
    with CaptureQueriesContext(connection) as cold:
        told(board(now(task)))
    for owner in people[3:]:
        enter_scored(task, owner, random)
        with CaptureQueriesContext(connection) as changed:
            told(board(now(task)))
        # The task's row, the entry, its team if that is new, and which images it got right if it stands on the board.
        assert len(changed) <= len(cold) == 4
        with CaptureQueriesContext(connection) as warm:
            told(board(now(task)))
        assert len(warm) == 1


def test_inside_a_transaction_nothing_is_kept_of_what_may_be_undone():
    random = Random(2)
    task = rows.open_task(hidden=IMAGES)
    owner = rows.person("ada")
    enter_scored(task, owner, random)
    before = told(board(now(task)))
    with transaction.atomic():
        Submission.objects.update(withdrawn_at="2026-01-01T00:00Z")
        enter_scored(task, owner, random)
        assert told(board(now(task))) != before
        transaction.set_rollback(True)
    assert told(board(now(task))) == before
    enter_scored(task, owner, random)  # of the same number as the one that was undone
    assert told(board(now(task))) == afresh(task)


def test_only_the_tasks_that_were_looked_at_last_are_kept(monkeypatch):
    monkeypatch.setattr(keeping, "MOST_TASKS", 2)
    tasks = [rows.open_task(slug=f"task{number}", hidden=IMAGES) for number in range(4)]
    for task in (*tasks, tasks[2]):
        board(now(task))
    assert keeping.kept_tasks() == [tasks[3].pk, tasks[2].pk]


def test_a_new_name_and_a_new_member_are_read_when_the_old_ones_are_a_minute_old(monkeypatch):
    task = rows.open_task(hidden=IMAGES)
    entry = enter_scored(task, rows.person("ada"), Random(3))
    assert shown(task) == [("ada", ("ada",))]
    Team.objects.update(name="Engine")
    Member.objects.create(team=entry.team, task=task, user=rows.person("byron"))
    assert shown(task) == [("ada", ("ada",))]
    monkeypatch.setattr("fixpoint.leaderboard.names.FRESH_SECONDS", -1.0)
    assert shown(task) == [("Engine", ("ada", "byron"))]


def test_teams_that_became_one_are_one_at_once_with_the_best_and_the_energy_of_both():
    task = rows.open_task(hidden=IMAGES)
    ada, byron, cyd = (rows.person(name) for name in ("ada", "byron", "cyd"))
    entries = [enter_scored(task, each, Random(each.username)) for each in (ada, byron, cyd)]
    before = {row.team.name: row for row in board(now(task)).accuracy}
    team_join(user=byron, invitation=entries[0].team.invitation)
    after = {row.team.name: row for row in board(now(task)).accuracy}
    assert after.keys() == {"ada", "cyd"}
    assert after["ada"].team.members == ("ada", "byron")
    assert after["ada"].accuracy == max(before["ada"].accuracy, before["byron"].accuracy)
    assert after["ada"].entries == 2
    assert after["ada"].team_kwh == pytest.approx(before["ada"].team_kwh + before["byron"].team_kwh)
    assert told(board(now(task))) == afresh(task)


def shown(task: Task) -> list[tuple[str, tuple[str, ...]]]:
    return [(row.team.name, row.team.members) for row in board(now(task)).accuracy]


def test_a_reading_that_breaks_off_leaves_nothing_behind(monkeypatch):
    task = rows.open_task(hidden=IMAGES)
    for name in ("ada", "bob", "cyd"):
        enter_scored(task, rows.person(name), Random(4))
    monkeypatch.setattr("fixpoint.leaderboard.ledger.ROWS_AT_A_TIME", 1)
    whole = keeping.Ledger.text
    monkeypatch.setattr(keeping.Ledger, "text", _fails_at(5, whole))
    with pytest.raises(ConnectionError):
        board(now(task))
    assert [row.rank for row in board(now(task)).accuracy] == [1, 2, 3]


def test_many_readers_at_once_see_one_board():
    task = rows.open_task(hidden=IMAGES)
    for name in ("ada", "bob"):
        enter_scored(task, rows.person(name), Random(5))
    asked = now(task)
    first, *others = at_once(*[lambda: board(asked)] * 6)
    assert all(each is first for each in others)


def _fails_at(call: int, whole):
    calls = 0

    def text(self, value):
        nonlocal calls
        calls += 1
        if calls == call:
            raise ConnectionError
        return whole(self, value)

    return text
