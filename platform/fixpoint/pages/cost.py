"""What a run of a dataset will cost, told before an entry is spent."""

from dataclasses import dataclass

from fixpoint.datasets.models import Dataset
from fixpoint.energy.constants import CALIBRATION, CALIBRATIONS, CAR_KG_PER_KM
from fixpoint.energy.estimates import (
    grams,
    predicted_seconds,
    standardised_cpu_seconds,
    standardised_kwh,
    work_of_entry,
)
from fixpoint.energy.grids import GridRange, grid_range
from fixpoint.recipes import RetiredRecipeError, pinned_facts

CAR_G_PER_KM = 1000 * CAR_KG_PER_KM
"""Beside every distance, so that it can be checked."""


@dataclass(frozen=True)
class Cost:
    """Wall clock on the reference host, the standardised energy and grams that the board will show, other grids."""

    seconds: float
    kwh: float
    grams: float
    grids: GridRange


def cost_of(dataset: Dataset) -> Cost | None:
    """Of an accepted dataset: its counts and megapixels are known. None where its task's recipe is retired."""
    task = dataset.task
    try:
        facts = pinned_facts(task.recipe, task.recipe_digest)
    except RetiredRecipeError:
        return None
    train, val = (sum(dataset.counts[split].values()) for split in ("train", "val"))
    hidden = task.hidden_images.count()
    gflop = work_of_entry(facts, train=train, val=val, hidden=hidden, seeds=task.seeds)
    megapixels = dataset.decoded_megapixels or 0.0
    calibration = CALIBRATIONS.get(task.calibration, CALIBRATION)
    kwh = standardised_kwh(gflop, megapixels, calibration)
    cpu_seconds = standardised_cpu_seconds(gflop, megapixels, calibration)
    seconds = predicted_seconds(cpu_seconds, seeds=task.seeds, cores=task.cpus)
    return Cost(
        seconds=seconds, kwh=kwh, grams=grams(kwh, task.grid_g_per_kwh, task.pue), grids=grid_range(kwh, task.pue)
    )
