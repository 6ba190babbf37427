"""Freezing when two things happen in the same moment: tests/test_on_postgres.py runs this where rows are locked."""

from threading import Event

import pytest
from django.db import connection, transaction

from fixpoint.leaderboard.freezing import standings_freeze
from fixpoint.leaderboard.models import Revision
from fixpoint.leaderboard.revisions import frozen_board
from fixpoint.submissions.disqualifying import submission_disqualify
from fixpoint.submissions.models import Submission
from fixpoint.submissions.services import submission_enter
from fixpoint.tasks.models import Task
from fixpoint.tasks.services import task_close
from tests.pages.rows import Score, entry_of, scored
from tests.support.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 10


@pytest.fixture
def closed(rows, task):
    """A closed task with two scored entries, the better one first."""
    entries = [
        scored(entry_of(rows.accepted_dataset(rows.person(name), task)), Score(accuracy))
        for name, accuracy in (("ada", 0.9), ("ben", 0.8))
    ]
    Task.objects.filter(pk=task.pk).update(status="closed", board_number=2)
    Submission.objects.filter(task=task).update(board_number=1)
    task.refresh_from_db()
    return task, entries


def test_several_freezers_write_one_revision(closed):
    task, _ = closed

    written = at_once(*[lambda: standings_freeze(task_id=task.pk)] * 4)

    assert [each for each in written if each] == list(Revision.objects.all())
    assert Revision.objects.count() == 1


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_disqualification_beside_the_freezing_is_in_this_revision_or_in_the_next(closed, _round):
    task, (best, other) = closed

    at_once(
        lambda: standings_freeze(task_id=task.pk),
        lambda: submission_disqualify(submission=best, why="The hidden images were in it.", who="anna"),
    )
    standings_freeze(task_id=task.pk)

    last = Revision.objects.filter(task=task).first()
    assert [row.entry_id for row in frozen_board(last).accuracy] == [other.pk]
    numbers = sorted(Revision.objects.values_list("number", flat=True))
    assert numbers in ([1], [1, 2])


def test_standings_wait_for_an_entry_that_is_made_while_the_task_is_closed(closed, rows):
    task, _ = closed
    Task.objects.filter(pk=task.pk).update(status="open")
    owner = rows.person("cleo")
    dataset = rows.accepted_dataset(owner, task)
    is_entered, is_frozen = Event(), Event()

    def enter():
        with transaction.atomic():
            submission_enter(owner=owner, dataset=dataset)
            is_entered.set()
            while not (is_frozen.is_set() or _somebody_waits()):
                pass

    def close_and_freeze():
        assert is_entered.wait(30)
        task_close(task=Task.objects.get(pk=task.pk), who="anna")
        written = standings_freeze(task_id=task.pk)
        is_frozen.set()
        return written

    _, written = at_once(enter, close_and_freeze)

    assert Submission.objects.get(owner=owner).created_at < Task.objects.get(pk=task.pk).closes_at
    assert written is None


def _somebody_waits() -> bool:
    """Whether any connection waits for a row that another one holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])
