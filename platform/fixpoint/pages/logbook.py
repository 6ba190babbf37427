"""The entries of a person's teams in the order of time, each with what it changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from fixpoint.accounts.models import User
from fixpoint.datasets.changes import Changes, changes_between
from fixpoint.datasets.models import Dataset
from fixpoint.energy.estimates import grams
from fixpoint.submissions.models import Submission
from fixpoint.submissions.revealing import shown_score
from fixpoint.submissions.selectors import entries_of
from fixpoint.tasks.models import Task


@dataclass(frozen=True)
class Line:
    """One entry; its changes are against the team's scored one before it in the same task and recipe.

    What the platform ran again changes nothing, and is no step to measure the next one by. `before` is the dataset of
    the entry before it in the task, however that ended.
    """

    entry: Submission
    change: float | None
    grams: float | None
    grams_change: float | None
    before: Dataset | None

    @property
    def private(self) -> float | None:
        """Its accuracy on the private images, once that is told."""
        return shown_score(self.entry.result).private if self.entry.accuracy is not None else None

    @property
    def changes(self) -> Changes | None:
        """What is new in its data; None for the first entry, and where that is not known any more."""
        return changes_between(self.before, self.entry.dataset) if self.before else None

    @property
    def is_same_data(self) -> bool:
        """Whether the entry before it was of the very same dataset."""
        return self.before is not None and self.before.pk == self.entry.dataset_id


def logbook(user: User) -> list[Line]:
    """Newest first, in one statement; mates' entries too, as they count together."""
    entries = entries_of(user).select_related("task", "dataset", "result", "owner")
    scores: dict[tuple[UUID, str], tuple[float, float]] = {}
    datasets: dict[UUID, Dataset] = {}
    lines = []
    for entry in entries.defer("result__correct").order_by("created_at"):
        like = entry.task_id, entry.recipe_digest
        known = None if entry.rerun_of_id else scores.get(like)
        score = None if entry.accuracy is None else (entry.accuracy, _grams(entry))
        both = known and score
        lines.append(
            Line(
                entry=entry,
                change=score[0] - known[0] if both and score and known else None,
                grams=score[1] if score else None,
                grams_change=score[1] - known[1] if both and score and known else None,
                before=None if entry.rerun_of_id else datasets.get(entry.task_id),
            )
        )
        if not entry.rerun_of_id:
            datasets[entry.task_id] = entry.dataset
            if score:
                scores[like] = score
    return lines[::-1]


def tasks_of(lines: Sequence[Line]) -> list[Task]:
    """Those in which anything was entered, the one of the newest entry first."""
    return list({line.entry.task_id: line.entry.task for line in lines}.values())


def _grams(entry: Submission) -> float:
    return grams(entry.result.standardised_kwh, entry.task.grid_g_per_kwh, entry.task.pue)
