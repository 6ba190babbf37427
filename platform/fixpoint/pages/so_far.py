"""What a run has taken so far: measured where a phase has ended, estimated from its epochs until then."""

from dataclasses import dataclass

from fixpoint.energy.constants import CALIBRATIONS, JOULES_PER_KWH
from fixpoint.energy.estimates import grams, standardised_cpu_seconds
from fixpoint.pages.learning import Progress
from fixpoint.recipes import RetiredRecipeError, pinned_facts
from fixpoint.submissions.models import Submission


@dataclass(frozen=True)
class SoFar:
    """Without reading the images; `is_estimated` by the task's calibration, as for the reference host."""

    cpu_seconds: float | None
    kwh: float
    grams: float
    is_estimated: bool


def so_far_of(entry: Submission, progress: Progress | None) -> SoFar | None:
    """None where nothing is under way, or nothing is known yet."""
    if entry.status == Submission.Status.PREDICTING:
        return _measured(entry)
    return _estimated(entry, progress) if entry.status == Submission.Status.TRAINING and progress else None


def _measured(entry: Submission) -> SoFar | None:
    row = entry.energies.filter(attempt=entry.attempt, kwh__isnull=False).order_by("pk").first()
    if row is None or row.kwh is None:
        return None
    return SoFar(row.cpu_seconds, row.kwh, _grams(entry, row.kwh), is_estimated=False)


def _estimated(entry: Submission, progress: Progress) -> SoFar | None:
    try:
        facts = pinned_facts(entry.recipe, entry.recipe_digest)
    except RetiredRecipeError:
        return None
    train, val = (sum(entry.dataset.counts[split].values()) for split in ("train", "val"))
    gflop = progress.done * (train * facts.gflop_train_image + val * facts.gflop_eval_image)
    calibration = CALIBRATIONS[entry.task.calibration]
    cpu_seconds = standardised_cpu_seconds(gflop, 0.0, calibration)
    kwh = cpu_seconds * calibration.watts_per_core / JOULES_PER_KWH
    return SoFar(cpu_seconds, kwh, _grams(entry, kwh), is_estimated=True)


def _grams(entry: Submission, kwh: float) -> float:
    return grams(kwh, entry.task.grid_g_per_kwh, entry.task.pue)
