"""What an entry's page tells of its score, its energy and its run."""

from dataclasses import dataclass

from fixpoint.energy.estimates import grams
from fixpoint.energy.phases import AbstractPhaseEnergy
from fixpoint.leaderboard.interval import Interval, wilson
from fixpoint.leaderboard.selectors import board, is_comparable
from fixpoint.submissions.models import Result, Run, Submission


@dataclass(frozen=True)
class ScoreFacts:
    """A score with its interval and grams.

    `rank` is None where another entry of its owner stands on the board, or where `is_comparable` is not so.
    """

    result: Result
    interval: Interval
    grams_standardised: float
    grams_measured: float | None
    rank: int | None
    ranked: int
    is_comparable: bool


def score_of(entry: Submission) -> ScoreFacts | None:
    """None as long as there is no score."""
    result = Result.objects.filter(submission=entry).select_related("run").defer("correct").first()
    if result is None or entry.accuracy is None:
        return None
    task = entry.task
    found = board(task)
    own = found.row_of_owner(entry.owner_id)
    measured = result.measured_kwh
    return ScoreFacts(
        result=result,
        interval=wilson(entry.accuracy, result.hidden_images),
        grams_standardised=grams(result.standardised_kwh, task.grid_g_per_kwh, task.pue),
        grams_measured=None if measured is None else grams(measured, task.grid_g_per_kwh, task.pue),
        rank=own.rank if own and own.entry_id == entry.pk else None,
        ranked=len(found.accuracy),
        is_comparable=is_comparable(task, entry),
    )


def phases_of(entry: Submission) -> list[AbstractPhaseEnergy]:
    """What every phase took: reading the images, then training and prediction of the newest attempt."""
    ingest = entry.dataset.energies.filter(attempt=entry.dataset.attempt)
    return [*ingest, *entry.energies.filter(attempt=entry.attempt).order_by("pk")]


def run_of(entry: Submission) -> Run | None:
    """The run of the newest attempt, once it is trained."""
    return Run.objects.filter(submission=entry, attempt=entry.attempt).first()
