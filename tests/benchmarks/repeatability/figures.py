"""From runs to figures: the mean of each kind, and how far the runs lie from it."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fixpoint.energy.constants import CALIBRATION, JOULES_PER_KWH
from fixpoint.energy.estimates import standardised_kwh
from tests.benchmarks.repeatability.entry import Took
from tests.benchmarks.repeatability.metering import REAL_RUN_CPU_SECONDS, Metering

KINDS = ("standardised", "cpu_seconds", "codecarbon")
WORDS = {
    "standardised": "standardised, from the run's own GFLOP",
    "cpu_seconds": "CPU-seconds of the sandbox x 4 W",
    "codecarbon": "CodeCarbon's model of the machine",
}
GOAL = 0.01
"""Of a run, at most."""


def figures(idle: Sequence[Took], beside: Sequence[Took], megapixels: float, cost: Metering) -> dict[str, Any]:
    """By kind the figures of both rounds, mWh; `drift` is the mean beside the neighbour, per that without."""
    by_kind: dict[str, Any] = {}
    for kind in KINDS:
        rounds = {name: _spread(_values(runs, kind, megapixels)) for name, runs in (("idle", idle), ("hog", beside))}
        means = [each["mean_mwh"] for each in rounds.values()]
        by_kind[kind] = rounds | {"drift": None if None in means else means[1] / means[0]}
    return {
        "runs": len(idle),
        "kinds": by_kind,
        "metering": {
            "start_cpu_seconds": cost.start,
            "phase_cpu_seconds": cost.per_phase,
            "cpu_seconds_a_second": cost.per_second,
            "share_of_this_entry": _share_of(cost, idle),
            "share_of_a_real_run": cost.of(REAL_RUN_CPU_SECONDS) / REAL_RUN_CPU_SECONDS,
        },
    }


def table(found: Mapping[str, Any]) -> Iterator[str]:
    """What a person reads."""
    yield f"{'mWh, training and prediction':42}{'idle':>9}{'CV':>8}{'beside':>9}{'CV':>8}{'beside/idle':>13}"
    for kind, rounds in found["kinds"].items():
        cells = "".join(_cells(rounds[name]) for name in ("idle", "hog"))
        drift = "-" if rounds["drift"] is None else f"{rounds['drift']:.3f}"
        yield f"{WORDS[kind]:42}{cells}{drift:>13}"
    cost = found["metering"]
    start, phase, second = (cost[part] for part in ("start_cpu_seconds", "phase_cpu_seconds", "cpu_seconds_a_second"))
    yield f"metering, CPU-s: {start:.2f} an attempt, {phase:.2f} a phase, {second:.5f} a second"
    yield f"  of this short entry {cost['share_of_this_entry']:.2%}"
    share = cost["share_of_a_real_run"]
    word = "met" if share <= GOAL else "missed"
    yield f"  of a run of {REAL_RUN_CPU_SECONDS:g} CPU-s {share:.2%}   at most {GOAL:.0%}: {word}"


def _values(runs: Sequence[Took], kind: str, megapixels: float) -> list[float | None]:
    match kind:
        case "standardised":
            return [standardised_kwh(run.gflop, megapixels) for run in runs]
        case "cpu_seconds":
            return [_by_cpu(run.cpu_seconds) for run in runs]
        case _:
            return [run.codecarbon_kwh for run in runs]


def _by_cpu(cpu_seconds: float | None) -> float | None:
    return None if cpu_seconds is None else cpu_seconds * CALIBRATION.watts_per_core / JOULES_PER_KWH


def _spread(values: Sequence[float | None]) -> dict[str, float | None]:
    """Mean and coefficient of variation; None where a run was not measured."""
    known = [1e6 * each for each in values if each is not None]
    if len(known) < len(values) or not known:
        return {"mean_mwh": None, "cv": None}
    mean = statistics.fmean(known)
    return {"mean_mwh": mean, "cv": statistics.stdev(known) / mean if len(known) > 1 else None}


def _share_of(cost: Metering, runs: Sequence[Took]) -> float:
    seconds = statistics.fmean(sum(phase.seconds for phase in run.phases) for run in runs)
    busy = statistics.fmean(run.cpu_seconds or 0.0 for run in runs)
    return cost.of(seconds) / busy


def _cells(spread: Mapping[str, float | None]) -> str:
    mean, cv = spread["mean_mwh"], spread["cv"]
    return f"{'-' if mean is None else f'{mean:.3f}':>9}{'-' if cv is None else f'{cv:.1%}':>8}"
