"""Freezing when two things happen in the same moment: test_on_postgres.py runs this where rows are locked."""

import pytest

from fixpoint.leaderboard.freezing import standings_freeze
from fixpoint.leaderboard.models import Revision
from fixpoint.leaderboard.revisions import frozen_board
from fixpoint.submissions.disqualifying import submission_disqualify
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task
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
