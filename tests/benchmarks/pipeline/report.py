"""What was found, in lines for people and as the last line of JSON."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import Any

from tests.benchmarks.pipeline.draining import Drained
from tests.benchmarks.pipeline.overhead import PHASES, Overhead
from tests.benchmarks.pipeline.steps import STEPS
from tests.benchmarks.training.report import is_met, show

GOALS = {
    "overhead_s": ("at most", 3.0),
    "container_start_s": ("at most", 0.7),
    "queue_per_second": ("at least", 50.0),
    "worker_idle_mib": ("at most", 150.0),
}


def figures(overhead: Overhead | None, drained: Drained | None) -> dict[str, Any]:
    """The line of JSON; null for what was not measured."""
    return {
        "overhead_s": overhead and round(overhead.seconds, 3),
        "container_start_s": overhead and round(median(overhead.container_starts), 3),
        "queue_per_second": drained and round(drained.per_second, 2),
        "drained": drained and drained.results,
        "entered": drained and drained.entered,
        "lost": drained and drained.lost,
        "doubled": drained and drained.doubled,
        "cpu_ms_per_entry": drained and round(1000 * drained.cpu_seconds_per_entry, 1),
        "worker_idle_mib": overhead and round(overhead.idle_mib, 1),
    }


def of_overhead(found: Overhead) -> Iterator[str]:
    """The whole, the bare programs, and where the rest went."""
    yield f"upload complete to scored, s: {_all(found.totals)}"
    for phase in PHASES:
        yield f"  {phase} by hand, s: {_all(found.bare[phase])}"
    yield f"container start, s: {_all(found.container_starts)}"
    yield "where the time of an entry went (median, s):"
    for name, says in STEPS.items():
        yield f"  {name:15}{median(found.steps[name]):8.3f}  {says}"


def of_queue(found: Drained) -> Iterator[str]:
    """What became of the entries, and whose CPU it took."""
    yield f"{found.entered:,} entries, entered in {found.entering_seconds:.1f} s"
    yield f"  {found.scored_meanwhile:,} of them scored in {found.seconds:.1f} s, with all workers there"
    yield f"  ended as {found.by_status}: {found.results} results, {found.lost} lost, {found.doubled} doubled"
    for name, seconds in found.cpu_seconds.items():
        yield f"  {name:15}{1000 * seconds / found.scored_meanwhile:8.1f}  CPU-ms an entry"
    yield f"  {'in all':15}{1000 * found.cpu_seconds_per_entry:8.1f}  CPU-ms an entry"


def verdicts(found: dict[str, Any]) -> Iterator[str]:
    """The goals, met or missed."""
    for name, (word, goal) in GOALS.items():
        value = found[name]
        verdict = "not measured" if value is None else "met" if is_met(value, word, goal) else "missed"
        yield f"{name:18}{show(value):>10}   {word} {goal:g}: {verdict}"


def _all(values: list[float]) -> str:
    return f"{median(values):.3f} ({', '.join(f'{value:.3f}' for value in values)})"
