"""Another process in which entries get their scores, one for each line that it reads, as settling.py writes them."""

from __future__ import annotations

import sys

from django.db import transaction
from django.utils import timezone

from fixpoint.accounts.models import User
from fixpoint.states import status_change
from fixpoint.submissions.board_changes import board_number
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task
from tests.benchmarks.boards.drawing import Drawn, drawn_entries
from tests.benchmarks.boards.filling import SLUG, scored


def serve(images: int) -> None:
    """Prints a line when the score is committed."""
    task = Task.objects.get(slug=SLUG)
    owners = list(User.objects.order_by("pk")[:1000])
    entries = drawn_entries(len(owners), 10**6, images, seed=2)
    for _ in sys.stdin:
        _score(task, owners, next(entries), images)
        sys.stdout.write("scored\n")
        sys.stdout.flush()


@transaction.atomic
def _score(task: Task, owners: list[User], drawn: Drawn, images: int) -> None:
    # It stands as predicted, and with the score everything of it becomes visible in the same moment.
    number = board_number(task.pk)
    entry = scored(
        task, owners[drawn.owner], drawn.correct, accuracy=drawn.accuracy, kwh=drawn.standardised, images=images
    )
    Submission.objects.filter(pk=entry.pk).update(status="predicting", accuracy=None)
    entry.refresh_from_db()
    status_change(
        entry, to="scored", why="scored", accuracy=drawn.accuracy, ended_at=timezone.now(), board_number=number
    )
