"""Writers and readers of a board in the same moment; tests/test_on_postgres.py runs this where rows are locked."""

from random import Random

import pytest
from django.db import connection

from fixpoint.leaderboard import keeping
from fixpoint.leaderboard.selectors import board
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task
from tests.leaderboard.entering import IMAGES, afresh, change_at_random, enter_scored, now, told
from tests.support import platform as rows
from tests.support.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS, CHANGES = 4, 12


@pytest.fixture(autouse=True)
def _nothing_kept(broker_away):
    assert connection.vendor == "postgresql"
    keeping.forget_all()
    yield
    keeping.forget_all()


@pytest.mark.parametrize("number", range(4))
def test_no_change_is_missed_by_who_reads_while_others_write(number):
    task = rows.open_task(hidden=IMAGES)
    for name in ("ada", "bob", "cyd"):
        enter_scored(task, rows.person(name), Random(name))
    done = []

    def write(writer):
        random = Random(100 * number + writer)
        try:
            for _ in range(CHANGES):
                change_at_random(task, random)
        finally:
            done.append(writer)

    def read():
        seen = 0
        while len(done) < WRITERS:
            found = board(now(task)).number
            assert found >= seen
            seen = found

    at_once(*(lambda writer=writer: write(writer) for writer in range(WRITERS)), read, read)
    assert told(board(now(task))) == afresh(task)


def test_a_change_that_was_numbered_first_is_seen_no_later_than_the_next_one():
    task = rows.open_task(hidden=IMAGES)
    owners = [rows.person(f"person{number}") for number in range(6)]
    for owner in owners:
        at_once(
            *(lambda owner=owner: enter_scored(task, owner, Random(owner.pk)) for owner in owners),
            lambda: board(now(task)),
        )
        numbers = sorted(Submission.objects.values_list("board_number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1)) == list(range(1, Task.objects.get().board_number + 1))
        assert told(board(now(task))) == afresh(task)
