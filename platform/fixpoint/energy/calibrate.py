"""`python -m fixpoint.energy.calibrate RAW.json`: fits the constants of standardised energy to raw runs."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fixpoint.energy.constants import JOULES_PER_KWH, REFERENCE_WATTS_PER_CORE

FEWEST_RUNS = 10


class CalibrationError(Exception):
    """The raw runs cannot be fitted; the message says why."""


@dataclass(frozen=True)
class RawRun:
    """One entry as it ran: its work, and what it took."""

    gflop: float
    megapixels: float
    cpu_seconds: float


@dataclass(frozen=True)
class Fit:
    """CPU-seconds = a · GFLOP + b · megapixels + c, and the relative error of each run."""

    seconds_per_gflop: float
    seconds_per_megapixel: float
    seconds_per_entry: float
    relative_errors: tuple[float, ...]

    @property
    def residual(self) -> float:
        """Root mean square of the relative errors."""
        return float(np.sqrt(np.mean(np.square(self.relative_errors))))


def fit(runs: Sequence[RawRun]) -> Fit:
    """Least squares of the relative errors, so that a small run weighs as much as a large one."""
    if len(runs) < FEWEST_RUNS:
        raise CalibrationError(f"{len(runs)} runs are too few: at least {FEWEST_RUNS} are needed.")
    work = np.array([(run.gflop, run.megapixels, 1.0) for run in runs])
    took = np.array([run.cpu_seconds for run in runs])
    if (took <= 0).any():
        raise CalibrationError("A run took no CPU-seconds.")
    found, _, rank, _ = np.linalg.lstsq(work / took[:, None], np.ones(len(runs)), rcond=None)
    if rank < work.shape[1]:
        raise CalibrationError("GFLOP and megapixels must vary independently of each other.")
    if (found <= 0).any():
        raise CalibrationError(f"The fit gives {found.tolist()}: no kind of work can cost nothing.")
    a, b, c = (float(value) for value in found)
    return Fit(a, b, c, tuple((work @ found / took - 1).tolist()))


def read_runs(path: Path) -> list[RawRun]:
    """The runs of a raw file: a list of them, or an object with the list under `runs`."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        return [_run(each) for each in (raw["runs"] if isinstance(raw, dict) else raw)]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CalibrationError(f"{path.name} holds no raw runs: {error!r}.") from error


def _run(raw: dict[str, Any]) -> RawRun:
    """Energy that was measured stands for the CPU-seconds of a reference core that would take as much."""
    cpu = raw["cpu_seconds"] if "cpu_seconds" in raw else raw["kwh"] * JOULES_PER_KWH / REFERENCE_WATTS_PER_CORE
    return RawRun(float(raw["gflop"]), float(raw["megapixels"]), float(cpu))


def report(runs: Sequence[RawRun], found: Fit) -> str:
    """What a person checks: constants, then every run beside its prediction."""
    lines = [
        f"seconds_per_gflop      {found.seconds_per_gflop:.6g}",
        f"seconds_per_megapixel  {found.seconds_per_megapixel:.6g}",
        f"seconds_per_entry      {found.seconds_per_entry:.6g}",
        f"residual               {found.residual:.4g}",
        "",
        f"{'GFLOP':>10} {'megapixels':>11} {'CPU s':>9} {'fitted':>9} {'error':>8}",
    ]
    for run, error in zip(runs, found.relative_errors, strict=True):
        fitted = run.cpu_seconds * (1 + error)
        lines.append(f"{run.gflop:10.2f} {run.megapixels:11.2f} {run.cpu_seconds:9.2f} {fitted:9.2f} {error:+8.1%}")
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    """Print the fit of a raw file, to be pinned in constants.py under a version of its own."""
    parser = argparse.ArgumentParser(prog="python -m fixpoint.energy.calibrate", description=__doc__)
    parser.add_argument("raw", type=Path, metavar="RAW.json", help="as written by fixpoint.energy.calibration_runs")
    try:
        runs = read_runs(parser.parse_args(arguments).raw)
        sys.stdout.write(report(runs, fit(runs)) + "\n")
    except CalibrationError as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
