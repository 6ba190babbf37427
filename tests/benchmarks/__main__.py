"""Runs every benchmark on drawn datasets and ends with one line of JSON."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from demo.bundle import Amounts, generate
from tests.benchmarks.ingestion import compare_ingestion
from tests.benchmarks.machine import describe
from tests.benchmarks.training.__main__ import bench
from tests.benchmarks.training.measuring import Plan

AMOUNTS = Amounts(train=64, val=8, hidden=2, book=1)


def main() -> None:
    """Say what machine this is, measure ingestion and training, print."""
    print(describe())
    with tempfile.TemporaryDirectory() as folder:
        archive = generate(Path(folder) / "drawn", AMOUNTS, seed=2021).cleaned
        ingestion = compare_ingestion(archive, Path(folder))
    for name, value in ingestion.items():
        print(f"{name:32}{value:>12,.2f}")
    print(json.dumps(ingestion | bench(Plan())))


if __name__ == "__main__":
    main()
