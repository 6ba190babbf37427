"""`make bench-pipeline` runs and tells what it promises; how fast it is on a busy machine is no test's business."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.benchmarks.pipeline.draining import Drained
from tests.benchmarks.pipeline.overhead import Overhead
from tests.benchmarks.pipeline.processes import ROOT
from tests.benchmarks.pipeline.report import figures, of_overhead, of_queue, verdicts
from tests.benchmarks.pipeline.steps import STEPS

PROMISED = {"overhead_s", "container_start_s", "queue_per_second", "drained", "worker_idle_mib"}


def run(*arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.pipeline", "--quick", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.postgres
@pytest.mark.timeout(600)
def test_a_handful_of_entries_drains_and_none_is_lost_or_doubled() -> None:
    found = run("--without", "overhead")
    assert found.keys() >= PROMISED
    assert (found["drained"], found["lost"], found["doubled"]) == (6, 0, 0)
    assert found["queue_per_second"] > 0
    assert found["cpu_ms_per_entry"] > 0
    assert found["overhead_s"] is None


@pytest.mark.postgres
@pytest.mark.docker
@pytest.mark.timeout(900)
def test_an_entry_is_timed_beside_the_same_commands_run_by_hand() -> None:
    found = run("--without", "queue")
    assert isinstance(found["overhead_s"], float)  # a difference: of one round on a busy machine even its sign is luck
    assert found["container_start_s"] > 0
    assert found["worker_idle_mib"] > 0
    assert found["drained"] is None


MADE_UP_QUEUE = Drained(100, {"scored": 98, "error": 2}, 98, 1, 80, 2.0, 1.0, {"web": 3.0, "postgres": 1.0})
MADE_UP_OVERHEAD = Overhead(
    [12.0, 10.0, 11.0],
    {"ingest": [1.0, 2.0, 3.0], "train": [5.0], "predict": [2.0]},
    [0.4, 0.6],
    {name: [0.1] for name in STEPS},
    90.0,
)


def test_figures_are_medians_less_medians_and_what_is_not_scored_is_lost() -> None:
    found = figures(MADE_UP_OVERHEAD, MADE_UP_QUEUE)
    assert (found["overhead_s"], found["container_start_s"], found["worker_idle_mib"]) == (2.0, 0.5, 90.0)
    assert (found["queue_per_second"], found["drained"], found["lost"], found["doubled"]) == (40.0, 98, 2, 1)
    assert found["cpu_ms_per_entry"] == 50.0


def test_every_goal_is_told_as_met_missed_or_not_measured() -> None:
    told = list(verdicts(figures(None, MADE_UP_QUEUE)))
    assert [line.rpartition(": ")[2] for line in told] == ["not measured", "not measured", "missed", "not measured"]
    assert any("web" in line for line in of_queue(MADE_UP_QUEUE))
    assert any("container start" in line for line in of_overhead(MADE_UP_OVERHEAD))
