"""Scored entries in the database, and every kind of change that matters to a board, as the services make them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

import numpy as np
from django.db import transaction
from django.utils import timezone

from fixpoint.accounts.models import User
from fixpoint.leaderboard.board import Board
from fixpoint.leaderboard.selectors import board
from fixpoint.submissions.board_changes import board_number
from fixpoint.submissions.describing import submission_describe
from fixpoint.submissions.models import Result, Run, Submission, SubmissionEnergy
from fixpoint.tasks.models import Task
from fixpoint.teams.services import team_ensure
from tests.support.platform import accepted_dataset

IMAGES = 40
LISTS = ("accuracy", "emissions", "measured", "front", "apart", "late")


@transaction.atomic
def enter_scored(task: Task, owner: User, random: Random, **values: object) -> Submission:
    """An entry with bits, numbered as a change of the board."""
    number = board_number(task.pk)
    right = np.array([[random.random() < 0.6 for _ in range(IMAGES)] for _ in task.entry_seeds])
    accuracy = float(right.mean())
    entry = Submission.objects.create(
        task=task, dataset=accepted_dataset(owner, task), owner=owner, team=team_ensure(user=owner, task=task),
        status="scored", accuracy=accuracy, recipe=task.recipe, recipe_digest=task.recipe_digest,
        seeds=task.entry_seeds, ended_at=timezone.now(), **values,
    )  # fmt: skip
    SubmissionEnergy.objects.create(
        submission=entry, attempt=1, phase="train", seconds=1.0, level="M1", method="drawn", kwh=random.random() / 1000
    )
    run = Run.objects.create(submission=entry, attempt=1, outcome={}, provenance={})
    Result.objects.create(
        submission=entry, run=run, correct=np.packbits(right, axis=1).tobytes(), accuracy_public=accuracy,
        hidden_images=IMAGES, val_accuracy=0.5, per_seed=[], gflop=1.0, measured_level="M1",
        standardised_kwh=random.choice([0.001, 0.001005, 0.002, 0.003]), measured_kwh=random.random() / 1000,
    )  # fmt: skip
    Submission.objects.filter(pk=entry.pk).update(board_number=number)
    return entry


def _change(**values: object) -> Callable[[Task, Submission, Random], None]:
    @transaction.atomic
    def change(task: Task, entry: Submission, _random: Random) -> None:
        Submission.objects.filter(pk=entry.pk).update(board_number=board_number(task.pk), **values)

    return change


@transaction.atomic
def _rescored(task: Task, entry: Submission, random: Random) -> None:
    accuracy = random.randrange(IMAGES + 1) / IMAGES
    Submission.objects.filter(pk=entry.pk).update(board_number=board_number(task.pk), accuracy=accuracy)


def _entered(task: Task, entry: Submission, random: Random) -> None:
    role = random.choice(["participant", "participant", "baseline", "reference"])
    enter_scored(task, entry.owner, random, role=role)


def _failed(task: Task, entry: Submission, random: Random) -> None:
    with transaction.atomic():
        number = board_number(task.pk)
        failed = Submission.objects.create(
            task=task, dataset=entry.dataset, owner=entry.owner, team=entry.team, status="failed", recipe=task.recipe,
            recipe_digest=task.recipe_digest, seeds=task.entry_seeds,
        )  # fmt: skip
        SubmissionEnergy.objects.create(
            submission=failed, attempt=1, phase="train", seconds=1.0, level="M1", method="drawn", kwh=0.5
        )
        Submission.objects.filter(pk=failed.pk).update(board_number=number)


def _titled(_task: Task, entry: Submission, random: Random) -> None:
    submission_describe(
        submission=entry, title=random.choice(["", "Sevens", "Ones"]), description="", link="", notes=""
    )


def _undone(task: Task, entry: Submission, random: Random) -> None:
    with transaction.atomic():
        _rescored(task, entry, random)
        transaction.set_rollback(True)


CHANGES: tuple[Callable[[Task, Submission, Random], None], ...] = (
    _entered, _entered, _rescored, _failed, _undone, _titled, _titled, _change(is_chosen=True),
    _change(is_chosen=False), _change(withdrawn_at=timezone.now()), _change(withdrawn_at=None),
    _change(disqualified_at=timezone.now()), _change(disqualified_at=None),
    _change(ended_at=timezone.now() - timedelta(days=2)),
)  # fmt: skip


def change_at_random(task: Task, random: Random) -> None:
    """One of them, to one of the entries."""
    entries = list(Submission.objects.filter(task=task, status="scored").order_by("created_at", "pk"))
    random.choice(CHANGES)(task, random.choice(entries), random)


def told(board: Board) -> dict[str, object]:
    """All that a board says."""
    rows = {name: [(row, row.group, row.is_tied, row.is_near_front) for row in getattr(board, name)] for name in LISTS}
    titles = {row.entry_id: board.title_of(row.entry_id) for name in LISTS for row in getattr(board, name)}
    return rows | {"titles": titles, "number": board.number, "left_out": board.left_out, "baseline": board.baseline}


def now(task: Task) -> Task:
    """The task as it is in the database."""
    return Task.objects.get(pk=task.pk)


def afresh(task: Task) -> dict[str, object]:
    """What is told of its board, with nothing kept of another transaction."""
    with transaction.atomic():
        return told(board(now(task)))
