"""A run that took far more or less than its work takes is told to the organizers, and run again by the platform."""

from __future__ import annotations

from statistics import median
from uuid import UUID

from django.utils.translation import gettext as _

from fixpoint.energy.constants import CALIBRATIONS
from fixpoint.energy.judging import HostClass, Judged, judged
from fixpoint.submissions.board_changes import board_touch
from fixpoint.submissions.measured import Measured, measured_of
from fixpoint.submissions.models import Result, Submission
from fixpoint.submissions.reruns import PLATFORM, RerunRefusedError, submission_rerun
from fixpoint.tasks.running import runners_tell

MOST_RERUNS = 2
"""Three runs with a score, one after the other: the median of three leaves out one that was disturbed."""
MOST_TRIES = 3
"""Runs again that the platform asks for by itself, whatever becomes of them."""


def energy_judge(*, submission: Submission, result: Result, took: Measured) -> None:
    """Once a run is scored, in that transaction; asks the database for nothing where all is as it should be.

    Where `may_run_again` says so its owner's row is held, since before the task's.
    """
    if submission.rerun_of_id:
        _take_rerun(submission.rerun_of_id)
        return
    found = judged_run(submission, result, took)
    if found is not None and found.is_outside:
        _tell(submission, found, is_run_again=_run_again(submission, found))


def rerun_ended(*, submission: Submission) -> None:
    """Once a run again was given up through our fault, another one takes its place; nothing for all other entries."""
    if submission.rerun_of_id and submission.status == Submission.Status.ERROR:
        _take_rerun(submission.rerun_of_id)


def may_run_again(submission: Submission, result: Result, took: Measured) -> bool:
    """Whether judging it may have it, or what it repeats, run again."""
    if submission.rerun_of_id:
        return True
    found = judged_run(submission, result, took)
    return found is not None and found.is_outside


def judged_run(submission: Submission, result: Result, took: Measured) -> Judged | None:
    """Of a scored entry, by its own run alone."""
    provenance = result.run.provenance
    return judged(
        took.cpu_seconds,
        gflop=result.gflop,
        megapixels=submission.dataset.decoded_megapixels or 0.0,
        calibration=CALIBRATIONS[submission.task.calibration],
        host=HostClass(str(provenance.get("device_class", "")), str(provenance.get("device", ""))),
        level=took.level,
    )


def _take_rerun(original_id: UUID) -> None:
    """Where the first run was out of its band its figure is the median of all; where it was not, nothing changes."""
    original = Submission.objects.select_related("task", "dataset").get(pk=original_id)
    result = Result.objects.select_related("run").defer("correct").filter(submission=original).first()
    if result is None:
        return
    took = measured_of(original)
    found = judged_run(original, result, took)
    if found is None or not found.is_outside or took.kwh is None:
        return
    _take_median(original, result, took.kwh)
    if _has_tries(original):
        _run_again(original, found)


def _has_tries(original: Submission) -> bool:
    """By its own runs again alone: what an organizer asked for takes none of them away."""
    own = original.reruns.filter(transitions__from_status="", transitions__who=PLATFORM)
    ended = list(own.values_list("status", flat=True))
    return ended.count(Submission.Status.SCORED) < MOST_RERUNS and len(ended) < MOST_TRIES


def _take_median(original: Submission, result: Result, own_kwh: float) -> None:
    again = Result.objects.filter(submission__rerun_of=original, measured_level=result.measured_level)
    known = [own_kwh, *(each for each in again.values_list("measured_kwh", flat=True) if each is not None)]
    if len(known) == result.measured_runs:
        return  # the last one was given up, or has a figure of another level
    result.run_kwh, result.measured_kwh, result.measured_runs = own_kwh, median(known), len(known)
    result.save(update_fields=["run_kwh", "measured_kwh", "measured_runs"])
    board_touch(submission=original)


def _run_again(submission: Submission, found: Judged) -> bool:
    why = (
        f"Its run took {found.ratio:.2f} times the CPU-seconds of its work, out of the band of this kind of host "
        f"({found.low:.2f} to {found.high:.2f})."
    )
    try:
        submission_rerun(submission=submission, why=why)
    except RerunRefusedError:
        return False  # its dataset was deleted, or its recipe retired: it stays marked, with the figure that it has
    return True


def _tell(submission: Submission, found: Judged, *, is_run_again: bool) -> None:
    runners_tell(
        task=submission.task,
        subject=lambda: _("An entry of %(task)s took energy out of its band") % {"task": submission.task},
        text=lambda: _out_of_band(submission, found, is_run_again=is_run_again),
        path=f"/entries/{submission.pk}/",
    )


def _out_of_band(submission: Submission, found: Judged, *, is_run_again: bool) -> str:
    then = _("It is run again by itself.") if is_run_again else _("It cannot be run again.")
    says = _(
        "%(entry)s took %(ratio)s times the CPU-seconds of its work; on this kind of host that lies between %(low)s "
        "and %(high)s. Look at what else ran on its worker. Its score and its standardised grams do not depend on it."
    )
    told = {"ratio": found.ratio, "low": found.low, "high": found.high}
    return says % {"entry": submission, **{name: f"{value:.2f}" for name, value in told.items()}} + f" {then}"
