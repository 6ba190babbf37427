"""`python -m tests.benchmarks.repeatability.sandboxed OUT.json`: runs of several sizes as a worker runs them.

Each once with nothing beside it and once beside a neighbour: what `fixpoint.energy.ratios` reads, of sandboxed runs.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from contextlib import nullcontext
from itertools import product
from pathlib import Path
from typing import Any

from fixpoint.energy.calibration_runs import machine
from tests.benchmarks.repeatability.__main__ import settings_in
from tests.benchmarks.repeatability.entry import Entry, prepared
from tests.benchmarks.repeatability.neighbour import neighbour
from tests.benchmarks.request import REQUEST
from worker.bench import sandbox_of
from worker.settings import SANDBOXES

TRAIN_IMAGES, SIDES = (60, 300, 1200), (64, 640)


def main() -> None:
    """Raw runs, written when all are there."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.repeatability.sandboxed", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--sandbox", choices=SANDBOXES, default="auto")
    parser.add_argument("--train", type=int, nargs="*", default=TRAIN_IMAGES)
    parser.add_argument("--sides", type=int, nargs="*", default=SIDES)
    asked = parser.parse_args()
    raw: dict[str, Any] = {"format": 1, "recipe": REQUEST["recipe"], "threads": 1, "machine": machine(), "runs": []}
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_in(Path(folder), asked.sandbox)
        sandbox = sandbox_of(settings)
        raw["sandbox"] = sandbox.name
        for train, side in product(asked.train, asked.sides):
            own = Path(folder) / f"{train}-{side}"
            own.mkdir()
            entry = prepared(settings, sandbox, own, train=train, side=side)
            for is_beside in (False, True):
                with neighbour() if is_beside else nullcontext():
                    row = _row(entry) | {"train": train, "side": side, "beside": is_beside}
                raw["runs"].append(row)
                print(row, flush=True)
    asked.out.write_text(json.dumps(raw, indent=1) + "\n")


def _row(entry: Entry) -> dict[str, Any]:
    """Reading the images is done once an entry, and counts in each of its runs as it does for a worker."""
    took = entry.run()
    if took.cpu_seconds is None or entry.packing_cpu_seconds is None:
        raise SystemExit("This sandbox does not tell CPU-seconds.")
    seconds = entry.packing_cpu_seconds + took.cpu_seconds
    return {"gflop": took.gflop, "megapixels": entry.megapixels, "cpu_seconds": seconds}


if __name__ == "__main__":
    main()
