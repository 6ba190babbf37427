"""The way of an entry, as the strip on its page shows it."""

from dataclasses import dataclass
from datetime import datetime

from fixpoint.submissions.models import Submission

_WAY = ("queued", "training", "predicting", "scored")


@dataclass(frozen=True)
class Stage:
    """One state on the way; `mark` is done, now, ended (where it went no further) or nothing (still to come)."""

    status: str
    at: datetime | None
    mark: str


def stages_of(entry: Submission) -> list[Stage]:
    """The four states of the way, or as far as it came and how it ended. Times are of the newest attempt."""
    times = _times(entry)
    if entry.is_final and entry.status != Submission.Status.SCORED:
        passed = [Stage(status, times[status], "done") for status in _WAY if status in times]
        return [*passed, Stage(entry.status, times.get(entry.status), "ended")]
    here = _WAY.index(entry.status)
    return [Stage(status, times.get(status), _mark(index, here)) for index, status in enumerate(_WAY)]


def _times(entry: Submission) -> dict[str, datetime]:
    times: dict[str, datetime] = {}
    for change in entry.transitions.all():
        if change.from_status == change.to_status and change.to_status in Submission.FINAL:
            continue  # a note of what was decided later
        if change.to_status == Submission.Status.QUEUED:
            times.clear()
        times.setdefault(change.to_status, change.at)  # what is decided of it later is no stage
    return times


def _mark(index: int, here: int) -> str:
    if index < here or here == len(_WAY) - 1:
        return "done"
    return "now" if index == here else ""
