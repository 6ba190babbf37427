"""How much of a score a reader may see: the told one while the task runs, all of it when the task is closed.

Every place that shows a score asks here. Where the organizers guard the hidden images (a private share, a ladder, a
rounding that hides something), seeds and spread are closed too while the task runs: they would tell more than was told.
"""

from dataclasses import dataclass
from typing import Any, Literal

from django.contrib.auth.models import AnonymousUser

from fixpoint.accounts.models import User
from fixpoint.submissions.models import Result, Submission
from fixpoint.tasks.models import Task
from fixpoint.tasks.running import runs
from fixpoint.tasks.selectors import hidden_truth

_CLOSED_FIELDS = frozenset({"accuracy", "accuracy_private"})
Sides = Literal["all", "public", "private"]


@dataclass(frozen=True)
class ShownScore:
    """A score for one reader; None for what this reader is not told now, or what there is not.

    `accuracy` is what counts now, over `images` hidden images of these `sides`; `told` is what was told while the task
    ran, its team's best before it where `is_own` is not so; `public` and `private` are exact. `spread` is the sample
    standard deviation over the seeds, of the images that count.
    """

    accuracy: float
    images: int
    sides: Sides
    told: float
    is_own: bool
    public: float | None
    private: float | None
    spread: float | None
    per_seed: list[dict[str, Any]]


def is_revealed(task: Task, reader: User | AnonymousUser | None = None) -> bool:
    """Whether private and exact scores may be shown: to everybody once the task is closed, to organizers always."""
    if task.phase == Task.Status.CLOSED:
        return True
    return reader is not None and runs(reader, task)


def is_guarded(task: Task, result: Result, seeds: int) -> bool:
    """Whether the told score is less than the exact one tells: then nothing beside it may tell more.

    Rounding hides nothing where its step is no larger than what one image of one seed is worth.
    """
    step_hides = seeds * public_images(task, result) > 10**task.score_decimals
    return task.public_share < 1 or task.ladder or step_hides


def public_images(task: Task, result: Result) -> int:
    """How many hidden images are public."""
    return int(hidden_truth(task.pk).is_public.sum()) if task.public_share < 1 else result.hidden_images


def deciding_accuracy(entry: Submission) -> float | None:
    """What counts of it now: the score as it was told while its task runs, the exact one of what decides at its end."""
    if entry.accuracy is None or entry.task.phase != Task.Status.CLOSED:
        return entry.accuracy
    result = entry.result
    return result.accuracy_public if result.accuracy_private is None else result.accuracy_private


def shown_score(result: Result, *, reader: User | AnonymousUser | None = None) -> ShownScore:
    """Of a scored entry, for this person; without one for everybody."""
    submission, task = result.submission, result.submission.task
    told = submission.accuracy or 0.0  # never None where there is a result: the database sees to it
    reveals = is_revealed(task, reader)
    is_open = reveals or not is_guarded(task, result, len(submission.seeds))
    accuracy, images, sides = _counting(task, result, told)
    return ShownScore(
        accuracy=accuracy,
        images=images,
        sides=sides,
        told=told,
        is_own=submission.is_own_score,
        public=result.accuracy_public if reveals else None,
        private=result.accuracy_private if reveals else None,
        spread=_spread(result, sides) if is_open else None,
        per_seed=result.per_seed if is_open else [_closed(each) for each in result.per_seed],
    )


def _counting(task: Task, result: Result, told: float) -> tuple[float, int, Sides]:
    public = public_images(task, result)
    sides: Sides = "public" if task.public_share < 1 else "all"
    if task.phase != Task.Status.CLOSED:
        return told, public, sides
    if result.accuracy_private is None:
        return result.accuracy_public, public, sides
    return result.accuracy_private, result.hidden_images - public, "private"


def _spread(result: Result, sides: Sides) -> float | None:
    return result.spread_private if sides == "private" else result.spread


def _closed(seed: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in seed.items() if name not in _CLOSED_FIELDS}
