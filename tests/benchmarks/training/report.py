"""What was measured as lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fixpoint.energy.constants import REFERENCE_WATTS_PER_CORE
from tests.benchmarks.training.contestants import Run
from tests.benchmarks.training.figures import THOUSAND, ratio
from tests.benchmarks.training.measuring import Measured
from tests.benchmarks.training.processes import CORES

ABSENT = "-"
GOALS = {
    "ratio_to_keras": ("at least", 4.0),
    "ratio_to_plain": ("at least", 3.0),
    "share_of_peak": ("at least", 0.45),
    "startup_s": ("at most", 0.5),
    "peak_rss_mib": ("at most", 512.0),
}


def report(measured: Measured, found: dict[str, Any], why_no_keras: str) -> Iterator[str]:
    """A table of who did what, what lies behind the other figures, and the goals."""
    yield from contestants(measured)
    if measured.keras is None:
        yield f"No figures of Keras, and none are made up: {why_no_keras}."
    yield (
        f"kWh are CPU-seconds x {REFERENCE_WATTS_PER_CORE:g} W a busy core (fixpoint.energy.constants), for one epoch "
        f"of {measured.images:,} images of one seed: no meter at the wall."
    )
    yield ""
    peak, start, memory = measured.peak, measured.startup, measured.memory
    yield f"matrix products: {peak.one_core:,.1f} GFLOP/s on one core, {peak.all_cores:,.1f} on {CORES}"
    yield f"share of them: one seed on one core {found['share_of_peak_one_core']:.1%}, all {found['share_of_peak']:.1%}"
    yield f"start-up: import torch {start.torch:.2f} s, to the first step {start.ours:.2f} s"
    yield f"peak memory: import torch {memory.torch:,.0f} MiB, grey {memory.grey:,.0f}, coloured {memory.colour:,.0f}"
    yield ""
    for name, (word, goal) in GOALS.items():
        value = found[name]
        verdict = "not measured" if value is None else "met" if is_met(value, word, goal) else "missed"
        yield f"{name:16}{show(value):>10}   {word} {goal:g}: {verdict}"


def contestants(measured: Measured) -> Iterator[str]:
    """A row each."""
    yield f"{'':40}{'images/s':>10}{'x Keras':>9}{'x plain':>9}{'CPU-s/1000':>12}{'kWh/epoch':>12}{'MiB':>7}"
    rows = {
        "a  Keras, train.py of 2021": measured.keras,
        "b  a plain PyTorch loop": measured.plain,
        "c  ours, one seed on one core": measured.one_seed,
        f"c  ours, {CORES} seeds on {CORES} cores": measured.all_cores,
    }
    for name, run in rows.items():
        yield f"{name:40}" + (row(run, measured) if run else "".join(f"{ABSENT:>{w}}" for w in (10, 9, 9, 12, 12, 7)))


def row(run: Run, measured: Measured) -> str:
    """One contestant's figures; MiB are those of its largest process."""
    return (
        f"{run.images_per_second:>10,.0f}{show(ratio(run, measured.keras)):>9}{show(ratio(run, measured.plain)):>9}"
        f"{THOUSAND * run.cpu_seconds_per_image:>12.2f}{run.kwh(measured.images):>12.2e}{run.peak_rss_mib:>7,.0f}"
    )


def show(value: float | None) -> str:
    """A number, or that there is none."""
    return ABSENT if value is None else f"{value:,.2f}"


def is_met(value: float, word: str, goal: float) -> bool:
    """Whether a goal is reached."""
    return value >= goal if word == "at least" else value <= goal
