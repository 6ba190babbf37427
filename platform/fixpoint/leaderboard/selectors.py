"""The board: ranked when it is read, from scored entries alone."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from fixpoint.accounts.models import User
from fixpoint.energy.estimates import grams
from fixpoint.leaderboard.interval import wilson
from fixpoint.leaderboard.pareto import front
from fixpoint.leaderboard.ranking import Entry, Ranked, accuracy_ranking, by_measured, emissions_ranking
from fixpoint.submissions.models import Result, Submission
from fixpoint.tasks.models import Task

Order = Literal["accuracy", "emissions", "measured"]


@dataclass(frozen=True)
class Row:
    """One line of the board. Accuracies are shares of 1, with a 95 % Wilson interval; `level` is M0 to M3."""

    rank: int
    entry_id: UUID
    user: User
    accuracy: float
    interval_low: float
    interval_high: float
    grams_standardised: float
    grams_measured: float | None
    kwh: float | None
    level: str
    images: int
    entered_at: datetime
    is_on_front: bool


@dataclass(frozen=True)
class Standings:
    """The ranked rows, and the front of accuracy and standardised grams over all scored entries.

    All are of the task's own digest and seeds; `left_out` counts scored entries of any other.
    """

    order: Order
    rows: list[Row]
    pareto: list[Row]
    left_out: int


def standings(task: Task, *, order: Order = "accuracy") -> Standings:
    """One row a person: by accuracy, or by standardised or measured grams among those at or above the floor."""
    found = _results(task)
    # Scores of two digests are not comparable: the model computed something else; and seeds can be picked for luck.
    results: dict[Hashable, Result] = {
        each.submission_id: each for each in found if is_comparable(task, each.submission)
    }
    entries = [_entry(task, result) for result in results.values()]
    on_front = front(entries)
    ids_on_front = {each.id for each in on_front}

    def rows(ranked: Sequence[Ranked]) -> list[Row]:
        return [_row(each, results[each.entry.id], on_front=each.entry.id in ids_on_front) for each in ranked]

    pareto = [Ranked(place, each) for place, each in enumerate(on_front, start=1)]
    return Standings(
        order=order,
        rows=rows(_ranked(task, entries, order)),
        pareto=rows(pareto),
        left_out=len(found) - len(results),
    )


def is_comparable(task: Task, submission: Submission) -> bool:
    """Whether an entry was trained by the very recipe and seeds of this task, and so may stand on its board."""
    return submission.recipe_digest == task.recipe_digest and submission.seeds == task.entry_seeds


def _ranked(task: Task, entries: list[Entry], order: Order) -> list[Ranked]:
    if order == "accuracy":
        return accuracy_ranking(entries)
    ranked = emissions_ranking(entries, floor=task.accuracy_floor)
    return ranked if order == "emissions" else by_measured(ranked)


def _results(task: Task) -> list[Result]:
    return list(
        Result.objects.filter(submission__task=task, submission__status=Submission.Status.SCORED)
        .filter(submission__rerun_of=None, submission__disqualified_at=None)
        .select_related("submission__owner", "submission__dataset", "run")
        .defer("correct", "run__outcome")
    )


def _entry(task: Task, result: Result) -> Entry:
    submission = result.submission
    return Entry(
        id=submission.pk,
        user=submission.owner_id,
        accuracy=submission.accuracy or 0.0,  # never None where the status is scored: the database sees to it
        grams_standardised=grams(result.standardised_kwh, task.grid_g_per_kwh, task.pue),
        grams_measured=_carbon(task, result.measured_kwh),
        kwh=result.standardised_kwh,
        images=submission.dataset.images,
        entered_at=submission.created_at,
    )


def _row(ranked: Ranked, result: Result, *, on_front: bool) -> Row:
    entry, submission = ranked.entry, result.submission
    interval = wilson(entry.accuracy, result.hidden_images)
    return Row(
        rank=ranked.rank,
        entry_id=submission.pk,
        user=submission.owner,
        accuracy=entry.accuracy,
        interval_low=interval.low,
        interval_high=interval.high,
        grams_standardised=entry.grams_standardised,
        grams_measured=entry.grams_measured,
        kwh=result.measured_kwh,
        level=result.measured_level,
        images=entry.images,
        entered_at=entry.entered_at,
        is_on_front=on_front,
    )


def _carbon(task: Task, kwh: float | None) -> float | None:
    return None if kwh is None else grams(kwh, task.grid_g_per_kwh, task.pue)
