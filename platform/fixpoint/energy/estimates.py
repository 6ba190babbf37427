"""From counts to work, from work to standardised energy, from energy to grams, seconds and kilometres."""

from __future__ import annotations

import math
from typing import Protocol

from fixpoint.energy.constants import CALIBRATION, CAR_KG_PER_KM, GRID_G_PER_KWH, JOULES_PER_KWH, PUE, Calibration


class RecipeCost(Protocol):
    """What of a recipe's facts decides its work."""

    @property
    def epochs(self) -> int:
        """Passes over train."""

    @property
    def gflop_train_image(self) -> float:
        """Forward and backward."""

    @property
    def gflop_eval_image(self) -> float:
        """Forward only."""


def work_of_entry(facts: RecipeCost, train: int, val: int, hidden: int, seeds: int = 1) -> float:
    """GFLOP of all seeds: in each every epoch learns train and judges val, at the end the hidden images once."""
    epoch = train * facts.gflop_train_image + val * facts.gflop_eval_image
    return seeds * (facts.epochs * epoch + hidden * facts.gflop_eval_image)


def standardised_cpu_seconds(gflop: float, megapixels: float, calibration: Calibration = CALIBRATION) -> float:
    """Seconds of one reference core for the work of an entry: learning, decoding, starting the programs."""
    learning = calibration.seconds_per_gflop * gflop
    decoding = calibration.seconds_per_megapixel * megapixels
    return learning + decoding + calibration.seconds_per_entry


def standardised_kwh(gflop: float, megapixels: float, calibration: Calibration = CALIBRATION) -> float:
    """Energy of the work itself on the reference host: the same wherever, whenever and beside whatever it ran."""
    return standardised_cpu_seconds(gflop, megapixels, calibration) * calibration.watts_per_core / JOULES_PER_KWH


def predicted_seconds(cpu_seconds: float, seeds: int, cores: int) -> float:
    """Wall clock on a core of the reference host for each seed, as many at a time as there are cores."""
    return cpu_seconds * math.ceil(seeds / cores) / seeds


def grams(kwh: float, grid: float = GRID_G_PER_KWH, pue: float = PUE) -> float:
    """Grams of CO2 for energy at the plug of a computer; `grid` in g/kWh."""
    return kwh * pue * grid


def km_by_car(grams_of_co2: float) -> float:
    """How far a mean new car of 2024 drives for the same grams."""
    return grams_of_co2 / (1000 * CAR_KG_PER_KM)
