"""A run that took far more or less than its work takes is told to the organizers and run again by itself."""

from __future__ import annotations

from fixpoint.accounts.notices import organizers_tell
from fixpoint.energy.constants import CALIBRATIONS
from fixpoint.energy.judging import HostClass, Judged, judged
from fixpoint.submissions.measured import Measured
from fixpoint.submissions.models import Result, Run, Submission


def host_of(run: Run) -> HostClass:
    """The kind of host that it ran on; of "" where it did not say."""
    return HostClass(*(str(run.provenance.get(name, "")) for name in ("device_class", "device")))


def judged_run(submission: Submission, result: Result, took: Measured) -> Judged | None:
    """Of a scored entry, by its own run alone."""
    return judged(
        took.cpu_seconds,
        gflop=result.gflop,
        megapixels=submission.dataset.decoded_megapixels or 0.0,
        calibration=CALIBRATIONS[submission.task.calibration],
        host=host_of(result.run),
        level=took.level,
    )


def energy_judge(*, submission: Submission, result: Result, took: Measured) -> None:
    """Once an entry is scored, in that transaction; asks the database for nothing where all is as it should be."""
    found = judged_run(submission, result, took)
    if found is None or not found.is_outside:
        return
    organizers_tell(
        subject=f"An entry of {submission.task} took energy out of its band",
        text=f"{submission} took {found.ratio:.2f} times the CPU-seconds of its work; on this kind of host that lies "
        f"between {found.low:.2f} and {found.high:.2f}. Look at what else ran on its worker. Its score and its "
        "standardised grams do not depend on it.",
        path=f"/entries/{submission.pk}/",
    )
