"""Runs every benchmark on a drawn dataset and ends with one line of JSON."""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
from pathlib import Path

# Before torch is loaded by what follows; `fixed_model` does the same for itself.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from demo.bundle import Amounts, generate
from tests.benchmarks.ingestion import compare_ingestion
from tests.benchmarks.training import compare_training

AMOUNTS = Amounts(train=64, val=8, hidden=2, book=1)


def main() -> None:
    """Say what machine this is, measure, print."""
    sys.stdout.write(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {sys.version.split()[0]}\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        archive = generate(Path(folder) / "drawn", AMOUNTS, seed=2021).cleaned
        figures = compare_ingestion(archive, Path(folder)) | compare_training(archive, Path(folder))
    for name, value in figures.items():
        sys.stdout.write(f"{name:32}{value:>12,.2f}\n")
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
