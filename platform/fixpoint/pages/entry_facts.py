"""What an entry's page tells of its score and its run."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from fixpoint.accounts.models import User
from fixpoint.energy.estimates import grams
from fixpoint.leaderboard.interval import Interval, wilson, with_seeds
from fixpoint.leaderboard.selectors import board_shown, is_comparable
from fixpoint.submissions.models import Result, Run, Submission
from fixpoint.submissions.revealing import ShownScore, is_guarded, shown_score


@dataclass(frozen=True)
class ScoreFacts:
    """A score as its reader may see it, with its interval and grams.

    `rank` is None where another entry of its team stands on the board, or where `is_comparable` is not so; `green_rank`
    is the same by emissions;
    `improvement` is over the best baseline, None without one.
    """

    result: Result
    shown: ShownScore
    interval: Interval
    grams_standardised: float
    grams_measured: float | None
    rank: int | None
    ranked: int
    green_rank: int | None
    green_ranked: int
    is_comparable: bool
    is_guarded: bool
    improvement: float | None


def score_of(entry: Submission, reader: User | AnonymousUser) -> ScoreFacts | None:
    """None as long as there is no score."""
    result = Result.objects.filter(submission=entry).select_related("run").defer("correct").first()
    if result is None or entry.accuracy is None:
        return None
    task = entry.task
    result.submission = entry
    shown = shown_score(result, reader=reader)
    found = board_shown(task)
    own = found.row_of_team(entry.team_id)
    green = found.row_of_team(entry.team_id, "emissions")
    measured = result.measured_kwh
    return ScoreFacts(
        result=result,
        shown=shown,
        interval=_interval(entry, shown),
        grams_standardised=grams(result.standardised_kwh, task.grid_g_per_kwh, task.pue),
        grams_measured=None if measured is None else grams(measured, task.grid_g_per_kwh, task.pue),
        rank=own.rank if own and own.entry_id == entry.pk else None,
        ranked=len(found.accuracy),
        green_rank=green.rank if green and green.entry_id == entry.pk else None,
        green_ranked=len(found.emissions),
        is_comparable=is_comparable(task, entry),
        is_guarded=is_guarded(task, result, len(entry.seeds)),
        improvement=_improvement(entry, shown, found.baseline),
    )


def _interval(entry: Submission, shown: ShownScore) -> Interval:
    """As the board has it: the luck of the seeds is in it where their spread may be seen."""
    if shown.spread is None:
        return wilson(shown.accuracy, shown.images)
    return with_seeds(shown.accuracy, shown.images, len(entry.seeds), shown.spread)


def _improvement(entry: Submission, shown: ShownScore, baseline: float | None) -> float | None:
    if baseline is None or entry.role != Submission.Role.PARTICIPANT or not is_comparable(entry.task, entry):
        return None
    return shown.accuracy - baseline


def run_of(entry: Submission) -> Run | None:
    """The run of the newest attempt, once it is trained."""
    return Run.objects.filter(submission=entry, attempt=entry.attempt).first()
