"""The figures of a scored entry as they may be told now, on whatever leaves the site."""

from uuid import UUID

from django.http import Http404, HttpRequest

from fixpoint.energy.estimates import grams
from fixpoint.leaderboard.interval import Interval, wilson
from fixpoint.leaderboard.row import Row
from fixpoint.submissions.models import Submission
from fixpoint.submissions.revealing import is_revealed, shown_score
from fixpoint.submissions.selectors import entry_scored
from fixpoint.tasks.models import Task


def scored_or_404(request: HttpRequest, entry_id: UUID) -> Submission:
    """A scored entry is there for all who see its task; of any other nobody is told whether there is one."""
    try:
        return entry_scored(request.user, entry_id)
    except Submission.DoesNotExist as error:
        raise Http404 from error


def own_or_404(request: HttpRequest, entry_id: UUID) -> Submission:
    """A scored entry, for what shows its score as its own; not where a ladder told the best of its owner before it."""
    entry = scored_or_404(request, entry_id)
    if not tells_own(entry):
        raise Http404
    return entry


def reach(task: Task) -> str:
    """Whether caches of others may keep what is told of it, as Cache-Control says it."""
    return "public" if task.is_public else "private"


def tells_own(entry: Submission) -> bool:
    """Whether what is told of it now is its own score: always at the task's end."""
    return entry.is_own_score or is_revealed(entry.task)


def told_accuracy(entry: Submission) -> float:
    """While the task runs the score as it was told; at its end the private one, or that of all where there is none."""
    return shown_score(entry.result).accuracy


def told_interval(entry: Submission, row: Row | None) -> Interval:
    """As the board has it where the entry stands there; else Wilson's, on the images that the told score is of."""
    if row:
        return Interval(row.interval_low, row.interval_high)
    shown = shown_score(entry.result)
    return wilson(shown.accuracy, shown.images)


def standardised_grams(entry: Submission) -> float:
    """Of CO2, by the task's own constants."""
    return grams(entry.result.standardised_kwh, entry.task.grid_g_per_kwh, entry.task.pue)


def measured_grams(entry: Submission) -> float | None:
    """The same of what was measured; None where a phase was not."""
    kwh = entry.result.measured_kwh
    return None if kwh is None else grams(kwh, entry.task.grid_g_per_kwh, entry.task.pue)
