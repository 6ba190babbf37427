"""Measures training and ends with one line of JSON."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks.machine import describe
from tests.benchmarks.training.figures import figures
from tests.benchmarks.training.measuring import QUICK, Plan, measure
from tests.benchmarks.training.report import report
from tests.keras.environment import why_missing


def main() -> None:
    """Measure, print the table, print the figures."""
    parser = argparse.ArgumentParser(prog="make bench-train", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="tiny amounts: that it runs; the figures mean nothing")
    asked = parser.parse_args()
    print(describe() + ("; so quick that no figure means anything" if asked.quick else ""))
    print(json.dumps(bench(QUICK if asked.quick else Plan())))


def bench(plan: Plan) -> dict[str, Any]:
    """Measure and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        measured = measure(Path(folder), plan, lambda line: print(line, file=sys.stderr, flush=True))
    found = figures(measured)
    for line in report(measured, found, why_missing()):
        print(line)
    return found


if __name__ == "__main__":
    main()
