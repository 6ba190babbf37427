"""`make repeatability` runs and tells what it promises; how far figures lie apart is no business of a test."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.benchmarks.repeatability.entry import Took
from tests.benchmarks.repeatability.figures import figures, table
from tests.benchmarks.repeatability.metering import REAL_RUN_CPU_SECONDS, Metering
from tests.benchmarks.repeatability.neighbour import neighbour
from tests.benchmarks.training.processes import ROOT
from worker.contract import Energy, Phase

COST = Metering(start=2.0, per_phase=0.5, per_second=0.001)


def took(cpu_seconds: float | None, codecarbon_kwh: float | None = 1e-4, gflop: float = 30.0) -> Took:
    phase = Energy(Phase.TRAIN, 10.0, "M1", "cpu", 1e-5, 1e-5, None, None, cpu_seconds, codecarbon_kwh)
    return Took(gflop, [phase])


IDLE, BESIDE = [took(9.0), took(11.0)], [took(18.0, 3e-4), took(22.0, 3e-4)]


@pytest.fixture(scope="module")
def printed() -> list[str]:
    """The lines of a run of two, in the sandbox that every machine has."""
    command = [sys.executable, "-m", "tests.benchmarks.repeatability", "--runs", "1", "--watch", "5"]
    paths = os.environ | {"PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}"}
    done = subprocess.run([*command, "--sandbox", "process"], cwd=ROOT, env=paths, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_last_line_holds_every_figure(printed: list[str]) -> None:
    found: dict[str, Any] = json.loads(printed[-1])
    assert (found["runs"], found["sandbox"]) == (1, "process")
    assert found["kinds"].keys() == {"standardised", "cpu_seconds", "codecarbon"}
    for kind in ("standardised", "cpu_seconds"):
        assert found["kinds"][kind]["idle"]["mean_mwh"] > 0
        assert found["kinds"][kind]["hog"]["mean_mwh"] > 0
    assert found["kinds"]["standardised"]["drift"] == 1.0, "the same work, whatever ran beside it"
    assert found["metering"]["start_cpu_seconds"] > 0
    assert found["metering"]["share_of_a_real_run"] < found["metering"]["share_of_this_entry"]


def test_the_mean_of_each_kind_and_how_far_runs_lie_from_it() -> None:
    kinds = figures(IDLE, BESIDE, 1.0, COST)["kinds"]
    assert kinds["cpu_seconds"]["idle"]["mean_mwh"] == pytest.approx(10 * 4 / 3.6)
    assert kinds["cpu_seconds"]["idle"]["cv"] == pytest.approx(2**0.5 / 10)
    assert kinds["cpu_seconds"]["drift"] == pytest.approx(2.0)
    assert kinds["codecarbon"]["drift"] == pytest.approx(3.0)
    assert kinds["standardised"]["idle"]["cv"] == 0


def test_what_was_not_measured_leaves_no_mean() -> None:
    kinds = figures([*IDLE, took(None, None)], BESIDE, 1.0, COST)["kinds"]
    assert kinds["cpu_seconds"]["idle"] == kinds["codecarbon"]["idle"] == {"mean_mwh": None, "cv": None}
    assert kinds["cpu_seconds"]["drift"] is None


def test_the_cost_of_metering_is_that_of_an_attempt_its_phases_and_its_seconds() -> None:
    cost = figures(IDLE, BESIDE, 1.0, COST)["metering"]
    assert COST.of(100.0) == pytest.approx(2.0 + 2 * 0.5 + 0.1)
    assert cost["share_of_this_entry"] == pytest.approx(COST.of(10.0) / 10.0)
    assert cost["share_of_a_real_run"] == pytest.approx(COST.of(REAL_RUN_CPU_SECONDS) / REAL_RUN_CPU_SECONDS)


@pytest.mark.parametrize(("start", "word"), [(2.0, "met"), (5.0, "missed")])
def test_the_goal_is_said_to_be_met_or_missed(start: float, word: str) -> None:
    lines = list(table(figures(IDLE, BESIDE, 1.0, Metering(start, 0.1, 0.001))))
    assert lines[-1].endswith(word)


def test_the_neighbour_is_gone_with_its_block() -> None:
    with neighbour() as burners:
        assert len(burners) == len(os.sched_getaffinity(0))
        assert all(burner.poll() is None for burner in burners)
    assert all(burner.poll() is not None for burner in burners)
