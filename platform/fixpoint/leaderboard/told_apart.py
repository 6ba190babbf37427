"""Whether the hidden images tell two entries apart: said only where nothing of them is guarded any more."""

from __future__ import annotations

import numpy as np

from fixpoint.leaderboard.answers import Answers, UnfitBitsError
from fixpoint.leaderboard.comparing import Flags, comparing
from fixpoint.submissions.models import Result, Submission
from fixpoint.submissions.revealing import is_guarded
from fixpoint.tasks.models import Task
from fixpoint.tasks.selectors import hidden_truth


def told_apart(one: Result, other: Result) -> bool | None:
    """By the exact paired test at 5 %, on the images that decide now; None where it is not told or cannot be made.

    While the task runs it is told only where the scores that are told are the exact ones of all images: with a ladder,
    a rounding or a private share the answer would say more of the images than the scores do.
    """
    first, second = one.submission, other.submission
    task = first.task
    is_over = task.phase == Task.Status.CLOSED
    if not _are_alike(first, second) or (not is_over and is_guarded(task, one, len(first.seeds))):
        return None
    among = _deciding(task, is_over=is_over)
    try:
        bits = Answers().bits([first.pk.int, second.pk.int], seeds=len(first.seeds), images=len(among))
    except UnfitBitsError:
        return None
    return comparing(bits, among).first_distinct(0, 1, 2) is not None


def _are_alike(one: Submission, other: Submission) -> bool:
    """The test is over the luck of the images alone: recipe and seeds are the same."""
    return (one.task_id, one.recipe_digest, one.seeds) == (other.task_id, other.recipe_digest, other.seeds)


def _deciding(task: Task, *, is_over: bool) -> Flags:
    is_public = hidden_truth(task.pk).is_public
    if is_over and not is_public.all():
        return ~is_public
    return np.ones_like(is_public)
