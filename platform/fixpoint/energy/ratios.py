"""`python -m fixpoint.energy.ratios VERSION RAW.json…`: how far runs of one host class lie from a calibration."""

from __future__ import annotations

import argparse
import math
import statistics
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fixpoint.energy.calibrate import CalibrationError, RawRun, read_runs
from fixpoint.energy.constants import CALIBRATIONS, Calibration
from fixpoint.energy.estimates import standardised_cpu_seconds


@dataclass(frozen=True)
class Spread:
    """Of measured / standardised: the geometric mean, and the standard deviation of the logarithm.

    Ratios multiply: twice as much is as far off as half.
    """

    centre: float
    sigma: float


def spread(calibration: Calibration, runs: Iterable[RawRun]) -> Spread:
    """Over at least two runs: those of the calibration itself and of other hours together."""
    logs = [math.log(ratio(run, calibration)) for run in runs]
    return Spread(math.exp(statistics.fmean(logs)), statistics.stdev(logs))


def ratio(run: RawRun, calibration: Calibration) -> float:
    """CPU-seconds that a run took, per standardised ones."""
    return run.cpu_seconds / standardised_cpu_seconds(run.gflop, run.megapixels, calibration)


def main(arguments: list[str]) -> None:
    """Print every run's ratio, and the spread to be pinned in judging.py."""
    parser = argparse.ArgumentParser(prog="python -m fixpoint.energy.ratios", description=__doc__)
    parser.add_argument("version", choices=sorted(CALIBRATIONS))
    parser.add_argument("raw", nargs="+", type=Path, metavar="RAW.json")
    asked = parser.parse_args(arguments)
    calibration = CALIBRATIONS[asked.version]
    try:
        runs = {path: read_runs(path) for path in asked.raw}
    except CalibrationError as error:
        parser.exit(1, f"{error}\n")
    for path, rows in runs.items():
        ratios = " ".join(f"{ratio(row, calibration):.3f}" for row in rows)
        sys.stdout.write(f"{path.name}: {ratios}\n")
    found = spread(calibration, [row for rows in runs.values() for row in rows])
    sys.stdout.write(f"centre {found.centre:.4g}\nsigma  {found.sigma:.4g}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
