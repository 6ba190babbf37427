"""What an entry's page tells of its energy: each phase, CodeCarbon beside it, what was predicted, other grids."""

from __future__ import annotations

from dataclasses import dataclass

from fixpoint.energy.constants import CALIBRATIONS
from fixpoint.energy.estimates import grams, predicted_seconds, standardised_cpu_seconds
from fixpoint.energy.grids import GridRange, grid_range
from fixpoint.energy.judging import Judged
from fixpoint.energy.phases import AbstractPhaseEnergy
from fixpoint.submissions.energy_judging import judged_run
from fixpoint.submissions.measured import Measured, measured_of
from fixpoint.submissions.models import Result, Submission
from fixpoint.tasks.models import Task


@dataclass(frozen=True)
class PhaseFacts:
    """One phase; `disagreement` is CodeCarbon's figure as a multiple of ours, None where one is missing."""

    row: AbstractPhaseEnergy
    disagreement: float | None


@dataclass(frozen=True)
class Prediction:
    """What was told before, what it took, and the error as a share of what it took; None where that is not known."""

    predicted: float
    taken: float | None

    @property
    def error(self) -> float | None:
        """Positive where it was predicted too high."""
        return self.predicted / self.taken - 1 if self.taken else None


@dataclass(frozen=True)
class LocalGrams:
    """Of the measured energy by the grid of the worker's country, g/kWh as that worker's table has it."""

    country: str
    g_per_kwh: float
    grams: float


@dataclass(frozen=True)
class EnergyFacts:
    """`time` in seconds, `energy` in kWh, `carbon` in grams; all but the phases are None until there is a score."""

    phases: list[PhaseFacts]
    judged: Judged | None = None
    time: Prediction | None = None
    energy: Prediction | None = None
    carbon: Prediction | None = None
    grids: GridRange | None = None
    local: LocalGrams | None = None


def energy_of(entry: Submission, result: Result | None) -> EnergyFacts:
    """Of the newest attempt, and of reading the images."""
    rows = phases_of(entry)
    phases = [PhaseFacts(row, _disagreement(row)) for row in rows]
    if result is None:
        return EnergyFacts(phases)
    took = measured_of(entry)
    task = entry.task
    return EnergyFacts(
        phases=phases,
        judged=judged_run(entry, result, took),
        time=Prediction(_seconds(entry, result), sum(row.seconds for row in rows) or None),
        energy=Prediction(result.standardised_kwh, took.kwh),
        carbon=Prediction(_grams(task, result.standardised_kwh), None if took.kwh is None else _grams(task, took.kwh)),
        grids=grid_range(result.standardised_kwh, task.pue),
        local=_local(task, rows, took),
    )


def phases_of(entry: Submission) -> list[AbstractPhaseEnergy]:
    """What every phase took: reading the images, then training and prediction of the newest attempt."""
    ingest = entry.dataset.energies.filter(attempt=entry.dataset.attempt)
    return [*ingest, *entry.energies.filter(attempt=entry.attempt).order_by("pk")]


def _disagreement(row: AbstractPhaseEnergy) -> float | None:
    # At level M0 the figure is CodeCarbon's own.
    if not row.kwh or row.codecarbon_kwh is None or row.level == "M0":
        return None
    return row.codecarbon_kwh / row.kwh


def _seconds(entry: Submission, result: Result) -> float:
    calibration = CALIBRATIONS[entry.task.calibration]
    work = standardised_cpu_seconds(result.gflop, entry.dataset.decoded_megapixels or 0.0, calibration)
    return predicted_seconds(work, seeds=len(entry.seeds), cores=entry.task.cpus)


def _grams(task: Task, kwh: float) -> float:
    return grams(kwh, task.grid_g_per_kwh, task.pue)


def _local(task: Task, rows: list[AbstractPhaseEnergy], took: Measured) -> LocalGrams | None:
    """None unless all phases ran in one country that was told."""
    places = {(row.country, row.country_g_per_kwh) for row in rows}
    if took.kwh is None or len(places) != 1:
        return None
    [(country, grid)] = places
    return LocalGrams(country, grid, grams(took.kwh, grid, task.pue)) if country and grid else None
