"""A person's entries in the order of time, each with what it changed."""

from dataclasses import dataclass
from uuid import UUID

from fixpoint.accounts.models import User
from fixpoint.energy.estimates import grams
from fixpoint.submissions.models import Submission
from fixpoint.submissions.revealing import shown_score


@dataclass(frozen=True)
class Line:
    """One entry; `change` is its told accuracy against the owner's scored one before it in the same task and recipe.

    What the platform ran again changes nothing, and is no step to measure the next one by. `private` is its accuracy on
    the private images, once that is told.
    """

    entry: Submission
    change: float | None
    grams: float | None
    private: float | None


def logbook(user: User) -> list[Line]:
    """Newest first."""
    entries = Submission.objects.filter(owner=user).select_related("task", "dataset", "result")
    before: dict[tuple[UUID, str], float] = {}
    lines = []
    for entry in entries.defer("result__correct").order_by("created_at"):
        like = entry.task_id, entry.recipe_digest
        previous = None if entry.rerun_of_id else before.get(like)
        scored = entry.accuracy is not None
        lines.append(
            Line(
                entry=entry,
                change=entry.accuracy - previous if entry.accuracy is not None and previous is not None else None,
                grams=_grams(entry) if scored else None,
                private=shown_score(entry.result).private if scored else None,
            )
        )
        if entry.accuracy is not None and not entry.rerun_of_id:
            before[like] = entry.accuracy
    return lines[::-1]


def _grams(entry: Submission) -> float:
    return grams(entry.result.standardised_kwh, entry.task.grid_g_per_kwh, entry.task.pue)
