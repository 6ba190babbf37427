"""Runs every benchmark on drawn datasets and ends with one line of JSON."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from demo.bundle import generate
from tests.benchmarks.ingesting.__main__ import DRAWN, report
from tests.benchmarks.ingesting.figures import figures
from tests.benchmarks.ingesting.measuring import measure
from tests.benchmarks.machine import describe
from tests.benchmarks.training.__main__ import bench
from tests.benchmarks.training.measuring import Plan

ROUNDS = 3


def main() -> None:
    """Say what machine this is, measure ingestion and training, print."""
    print(describe())
    with tempfile.TemporaryDirectory() as folder:
        archive = generate(Path(folder) / "drawn", DRAWN, seed=2021).cleaned
        measured = measure(archive, ROUNDS, sizes=())
    ingestion = figures(measured)
    for line in report(measured, ingestion):
        print(line)
    print(json.dumps({"ingestion": ingestion} | bench(Plan())))


if __name__ == "__main__":
    main()
