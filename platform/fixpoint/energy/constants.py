"""Every constant between work and carbon, each with its source; a task pins the calibration by its version."""

from __future__ import annotations

from dataclasses import dataclass

GRID_G_PER_KWH = 445.0
"""Grams of CO2 per kWh, mean of the world's electricity in 2024: IEA, Electricity 2025, chapter Emissions."""

PUE = 1.0
"""Power usage effectiveness: energy of the building per energy of the computers. 1 means that none is added."""

CAR_KG_PER_KM = 0.1068
"""Mean CO2 of cars newly registered in EU, Iceland and Norway in 2024, WLTP: EEA, provisional data of June 2025."""

REFERENCE_WATTS_PER_CORE = 4.0
"""Watts of one busy logical core: CodeCarbon 3.3.2, `core/cpu.py`, DEFAULT_POWER_PER_CORE.

The hypervisor hides the exact model of the host that the calibration ran on. For a Xeon Platinum 8592+ of its
generation (family 6, model 207; 350 W by CodeCarbon's cpu_power.csv, 64 cores, 128 threads) it lies between TDP over
threads, 2.7 W, and TDP over cores, 5.5 W. Workers take the same figure until their host is calibrated, so that measured
and standardised grams can be compared. Memory, disks and the losses of the power supply are not in it.
"""

JOULES_PER_KWH = 3.6e6


@dataclass(frozen=True)
class Calibration:
    """CPU-seconds of a reference core = a · GFLOP + b · decoded megapixels + c, fitted by `fixpoint.energy.calibrate`.

    `residual`: relative error that the fit leaves.
    """

    version: str
    seconds_per_gflop: float
    seconds_per_megapixel: float
    seconds_per_entry: float
    residual: float
    watts_per_core: float
    source: str


CAL_2026_11 = Calibration(
    version="cal-2026-11",
    seconds_per_gflop=0.0376293,
    seconds_per_megapixel=0.00554101,
    seconds_per_entry=11.5548,
    residual=0.0776,
    watts_per_core=REFERENCE_WATTS_PER_CORE,
    source="docs/calibration/cal-2026-11.json: 12 runs on one thread of a shared two-core virtual machine",
)
"""Its host was busy with other work (load 13 to 20), which is in the residual. It was fitted to the training that
recipes.lock has retired: tasks that pinned it keep it."""

CAL_2026_11_22 = Calibration(
    version="cal-2026-11-22",
    seconds_per_gflop=0.0208963,
    seconds_per_megapixel=0.00840111,
    seconds_per_entry=6.93462,
    residual=0.0600,
    watts_per_core=REFERENCE_WATTS_PER_CORE,
    source="docs/calibration/cal-2026-11-22.json: 12 runs on one thread of a shared two-core virtual machine",
)
"""Of the training that is written out by hand. Nothing of ours ran beside it (load 1), but the virtual machine was in a
slow hour: an earlier form of the training, slower side by side, had taken 0.0165 CPU-seconds a GFLOP in a better one.
Every entry is counted by the same figures, so ranks do not depend on it; grams in themselves err high."""

CALIBRATION = CAL_2026_11_22
"""What new tasks pin."""

CALIBRATIONS = {each.version: each for each in (CAL_2026_11, CAL_2026_11_22)}
"""All that a task may have pinned; none is ever changed or removed, for a board's grams must not move."""
