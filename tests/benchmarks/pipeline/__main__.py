"""`python -m tests.benchmarks.pipeline`: what the platform adds to the work, on this machine; the last line is JSON."""

from __future__ import annotations

import argparse
import json
import signal
import sys

from demo.bundle import Amounts
from tests.benchmarks.machine import describe
from tests.benchmarks.pipeline.draining import drain
from tests.benchmarks.pipeline.overhead import measure
from tests.benchmarks.pipeline.report import figures, of_overhead, of_queue, verdicts
from tests.support.model_image import ensure_model_image

THOUSAND = Amounts(train=85, val=15, hidden=100)
"""1,000 images of ten classes, judged on as many."""
SMALLEST = Amounts(train=4, val=2, hidden=2, book=1)


def main(arguments: list[str]) -> int:
    """Measure what is asked for; status 1 where an entry was lost or counted twice, whatever the speed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.pipeline", description=__doc__)
    parser.add_argument("--entries", type=int, default=10_000, help="how many wait in the queue")
    parser.add_argument("--web", type=int, default=2, help="web processes while the queue drains")
    parser.add_argument("--workers", type=int, default=4, help="workers with the fake sandbox")
    parser.add_argument("--rounds", type=int, default=3, help="entries of the overhead, each beside the bare commands")
    parser.add_argument("--quick", action="store_true", help="as little of everything as runs")
    parser.add_argument("--without", choices=["overhead", "queue"], action="append", default=[])
    asked = parser.parse_args(arguments)
    _say(describe())
    overhead = drained = None
    if "overhead" not in asked.without:
        ensure_model_image()
        amounts, rounds, starts = (SMALLEST, 1, 1) if asked.quick else (THOUSAND, asked.rounds, 3)
        overhead = measure(amounts, rounds=rounds, starts=starts)
        _say(*of_overhead(overhead))
    if "queue" not in asked.without:
        entries, web, workers = (6, 1, 1) if asked.quick else (asked.entries, asked.web, asked.workers)
        drained = drain(entries, web_processes=web, workers=workers)
        _say(*of_queue(drained))
    found = figures(overhead, drained)
    _say(*verdicts(found), json.dumps(found))
    return int(drained is not None and bool(drained.lost or drained.doubled))


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


if __name__ == "__main__":
    # Whoever ends it by a signal ends what it started, too: every program here is closed by a `with`.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    sys.exit(main(sys.argv[1:]))
