"""Runs one entry again and again, idle and beside a neighbour, and ends with one line of JSON."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from pathlib import Path

from tests.benchmarks.machine import describe
from tests.benchmarks.repeatability.entry import Entry, Took, prepared
from tests.benchmarks.repeatability.figures import figures, table
from tests.benchmarks.repeatability.metering import WATCH_SECONDS, metering
from tests.benchmarks.repeatability.neighbour import neighbour
from worker.bench import sandbox_of
from worker.settings import SANDBOXES, Settings, read

RUNS = 10


def main() -> None:
    """Idle first, then the same beside a busy loop on every core, then what metering costs."""
    parser = argparse.ArgumentParser(prog="make repeatability", description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--sandbox", choices=SANDBOXES, default="auto")
    parser.add_argument("--watch", type=float, default=WATCH_SECONDS, help="seconds that metering is watched for")
    asked = parser.parse_args()
    print(f"One entry {asked.runs} times idle and {asked.runs} times beside a neighbour: {describe()}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_in(Path(folder), asked.sandbox)
        entry = prepared(settings, sandbox_of(settings), _made(Path(folder) / "entry"))
        idle = _runs(entry, asked.runs, "idle")
        with neighbour():
            beside = _runs(entry, asked.runs, "beside")
        cost = metering(settings.country_iso, _made(Path(folder) / "watched"), asked.watch)
        found = figures(idle, beside, entry.megapixels, cost) | {"sandbox": entry.sandbox.name}
    for line in table(found):
        print(line)
    print(json.dumps(found))


def settings_in(folder: Path, sandbox: str) -> Settings:
    """A worker's settings, as the environment has them, without a platform or a broker."""
    scratch = _made(folder / "scratch")
    return read(
        os.environ
        | {
            "FIXPOINT_BROKER_URL": "memory://",
            "FIXPOINT_PLATFORM_URL": "http://localhost",
            "FIXPOINT_WORKER_NAME": "repeatability",
            "FIXPOINT_WORKER_SCRATCH": str(scratch),
            "FIXPOINT_SANDBOX": sandbox,
        }
    )


def _runs(entry: Entry, count: int, name: str) -> list[Took]:
    took = []
    for number in range(1, count + 1):
        took.append(entry.run())
        print(f"  {name} {number}: {took[-1].cpu_seconds:.2f} CPU-s", flush=True)
    return took


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


if __name__ == "__main__":
    main()
