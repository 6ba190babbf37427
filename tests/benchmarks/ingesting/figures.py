"""What was measured as named figures: ratios of the best runs, CPU-seconds, how the time grows with the images."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.ingesting.clock import Run

THOUSAND = 1000


@dataclass(frozen=True)
class Measured:
    """The best runs of each, seconds of an inspection, MiB, and our best run for each number of images."""

    decode: Run
    imagefolder: Run
    ours: Run
    inspection: float
    peak_mib: float
    growth: Sequence[Run]


def best(runs: Sequence[Run]) -> Run:
    """The least of each figure: what is above it is other work on the machine."""
    return Run(runs[0].images, min(run.seconds for run in runs), min(run.cpu_seconds for run in runs))


def figures(measured: Measured) -> dict[str, Any]:
    """A ratio is how many times as many images a second are accepted as are decoded. `growth`: seconds by images."""
    of = {"decode": measured.decode, "imagefolder": measured.imagefolder, "ours": measured.ours}
    return {
        "images": measured.ours.images,
        "ratio_to_decode": ratio(measured.ours, measured.decode),
        "ratio_to_imagefolder": ratio(measured.ours, measured.imagefolder),
        "inspect_ms": round(THOUSAND * measured.inspection, 1),
        "images_per_second": round(measured.ours.images / measured.ours.seconds, 1),
        "peak_rss_mib": round(measured.peak_mib, 1),
        "cpu_seconds_per_1000_images": {
            name: round(THOUSAND * run.cpu_seconds / run.images, 3) for name, run in of.items()
        },
        "growth": {str(run.images): round(run.seconds, 3) for run in measured.growth},
        "growth_exponent": exponent({run.images: run.seconds for run in measured.growth}),
    }


def ratio(ours: Run, theirs: Run) -> float:
    """Of images a second."""
    return round(ours.images / ours.seconds / (theirs.images / theirs.seconds), 3)


def exponent(seconds: Mapping[int, float]) -> float | None:
    """The k of seconds = c · images^k that fits best (least squares of logarithms); None for a single number."""
    if len(seconds) < 2:
        return None
    across, up = [math.log(images) for images in seconds], [math.log(taken) for taken in seconds.values()]
    middle, height = sum(across) / len(across), sum(up) / len(up)
    slope = sum((x - middle) * (y - height) for x, y in zip(across, up, strict=True))
    return round(slope / sum((x - middle) ** 2 for x in across), 3)
