"""Measures ingestion and ends with one line of JSON."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from demo.bundle import Amounts, generate
from tests.benchmarks.ingesting.figures import THOUSAND, Measured, figures
from tests.benchmarks.ingesting.measuring import SIZES, measure
from tests.benchmarks.machine import describe

DRAWN = Amounts(train=64, val=8, hidden=2, book=1)
ROUNDS = 5
GOALS = {"ratio_to_decode": ("at least", 1.5), "inspect_ms": ("at most", 300.0)}


def main() -> None:
    """Measure, print the table, print the figures."""
    parser = argparse.ArgumentParser(prog="make bench-ingest", description=__doc__)
    parser.add_argument("--archive", type=Path, help="a zip of the ten numerals; without it entry-10k.zip, or drawn")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="images of smaller archives out of it")
    asked = parser.parse_args()
    print(f"From bytes to an accepted pack, the best of {asked.rounds} rounds: {describe()}")
    with tempfile.TemporaryDirectory() as folder:
        measured = measure(asked.archive or an_archive(Path(folder)), asked.rounds, asked.sizes)
    found = figures(measured)
    for line in report(measured, found):
        print(line)
    print(json.dumps(found))


def an_archive(folder: Path) -> Path:
    """The real entry at the limit where there is one; else images drawn now, and a line that says so."""
    data = os.environ.get("FIXPOINT_REAL_DATA")
    if data:
        return Path(data) / "roman" / "entry-10k.zip"
    print("FIXPOINT_REAL_DATA is not set: a few hundred drawn images instead of ten thousand real ones.")
    return generate(folder / "drawn", DRAWN, seed=2021).cleaned


def report(measured: Measured, found: dict[str, Any]) -> Iterator[str]:
    """A row for each, the growth, and the goals."""
    yield f"{'':44}{'images/s':>10}{'s':>8}{'CPU-s/1000':>12}"
    rows = {
        "a  Pillow, one thread, decodes only": measured.decode,
        "b  torchvision's ImageFolder, walked once": measured.imagefolder,
        "c  ours, from bytes to the accepted pack": measured.ours,
    }
    for name, run in rows.items():
        cpu = THOUSAND * run.cpu_seconds / run.images
        yield f"{name:44}{run.images / run.seconds:>10,.0f}{run.seconds:>8.2f}{cpu:>12.3f}"
    for run in measured.growth:
        yield f"ours, {run.images:>6,} images: {1e6 * run.seconds / run.images:>8,.0f} us an image"
    for name, (word, goal) in GOALS.items():
        met = found[name] >= goal if word == "at least" else found[name] <= goal
        yield f"{name:16}{found[name]:>10}   {word} {goal:g}: {'met' if met else 'missed'}"


if __name__ == "__main__":
    main()
