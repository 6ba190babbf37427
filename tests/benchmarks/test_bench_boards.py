"""`make bench-board` runs and tells what it promises; how fast it is on a busy machine is no test's business."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.benchmarks.pipeline.processes import ROOT

TINY = ["--images", "60", "--warm", "5", "--scores", "2", "--rounds", "1", "--seconds", "0.2"]
PROMISED = {"p99_warm_ms", "p99_after_score_ms", "ratio_to_static", "queries", "pss_mib"}


def run(owners: int, entries: int) -> dict[str, float]:
    command = [
        sys.executable,
        "-m",
        "tests.benchmarks.boards",
        "--owners",
        str(owners),
        "--entries",
        str(entries),
        *TINY,
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.postgres
def test_the_board_is_measured_and_asks_the_database_no_more_often_for_more_entries() -> None:
    few, many = run(3, 9), run(150, 900)
    assert few.keys() >= PROMISED
    assert few["queries"] == many["queries"] == 1
    # After a score: the task, its new entries, and the bits of those that stand on the board by them.
    assert few["queries_after_score"] <= 3
    assert many["queries_after_score"] <= 3
    assert all(found["p99_warm_ms"] > 0 and found["ratio_to_static"] > 0 for found in (few, many))
