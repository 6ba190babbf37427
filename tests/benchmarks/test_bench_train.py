"""`make bench-train` runs and tells what it promises; how fast anything is on a busy machine is no test's business."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.training import contestants
from tests.benchmarks.training.contestants import Run, best
from tests.benchmarks.training.drawn import draw
from tests.benchmarks.training.figures import figures
from tests.benchmarks.training.measuring import Measured, Peak
from tests.benchmarks.training.memory import Memory
from tests.benchmarks.training.processes import ROOT, environment
from tests.benchmarks.training.report import report
from tests.benchmarks.training.startup import Startup

OURS = {
    "images_per_second",
    "images_per_second_one_seed",
    "images_per_second_plain",
    "ratio_to_plain",
    "ratio_to_plain_one_seed",
    "peak_gflops",
    "peak_gflops_one_core",
    "share_of_peak",
    "share_of_peak_one_core",
    "startup_s",
    "peak_rss_mib",
    "kwh_per_epoch",
    "kwh_per_epoch_one_seed",
    "kwh_per_epoch_plain",
}
OF_KERAS = {"images_per_second_keras", "ratio_to_keras", "ratio_to_keras_one_seed", "kwh_per_epoch_keras"}
MEASURED = Measured(
    images=2000,
    keras=Run(200, 0.01, 700),
    plain=Run(300, 0.006, 600),
    one_seed=Run(800, 0.00125, 400),
    all_cores=Run(1500, 0.0014, 400),
    peak=Peak(100, 190),
    startup=Startup(torch=2.0, ours=2.25),
    memory=Memory(torch=250, grey=400, colour=600),
)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The lines of a run that takes as little as possible, on a machine without Keras."""
    nowhere = tmp_path_factory.mktemp("nowhere") / "python"
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.training", "--quick"],
        cwd=ROOT,
        env=os.environ | {"FIXPOINT_KERAS_PYTHON": str(nowhere)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def found(printed: list[str]) -> dict[str, Any]:
    """Its last line."""
    return json.loads(printed[-1])


def test_every_figure_of_ours_is_there_and_positive(found: dict[str, Any]) -> None:
    assert found.keys() == OURS | OF_KERAS | {"cpu_seconds_per_1000_images"}
    assert all(found[name] > 0 for name in OURS - {"startup_s"})  # the difference of two starts; a busy machine…
    assert isinstance(found["startup_s"], float)
    assert all(found["cpu_seconds_per_1000_images"][name] > 0 for name in ("plain", "ours", "ours_one_seed"))


def test_without_keras_its_figures_are_null_and_a_line_says_why(found: dict[str, Any], printed: list[str]) -> None:
    assert {found[name] for name in OF_KERAS} == {None}
    assert found["cpu_seconds_per_1000_images"]["keras"] is None
    assert any("none are made up" in line and "does not exist" in line for line in printed)


@pytest.mark.keras
def test_the_loop_of_2021_is_measured_on_the_same_images(tmp_path: Path) -> None:
    run = contestants.keras(draw(tmp_path, per_class=1), epochs=1)
    assert min(run.images_per_second, run.cpu_seconds_per_image, run.peak_rss_mib) > 0


def test_ratios_and_shares_follow_from_what_was_measured() -> None:
    found = figures(MEASURED)
    assert (found["ratio_to_keras"], found["ratio_to_plain"]) == (7.5, 5.0)
    assert (found["ratio_to_keras_one_seed"], found["ratio_to_plain_one_seed"]) == (4.0, 2.667)
    assert found["share_of_peak"] == pytest.approx(1500 * 0.0915 / 190, rel=0.01)  # GFLOP an image: fixed_model.cost
    assert found["startup_s"] == 0.25
    assert found["peak_rss_mib"] == 350  # the worse of grey and coloured
    assert found["kwh_per_epoch"] == pytest.approx(2000 * 0.0014 * 4 / 3.6e6, rel=1e-3)
    assert found["cpu_seconds_per_1000_images"] == {"keras": 10, "plain": 6, "ours": 1.4, "ours_one_seed": 1.25}


def test_the_table_tells_ours_on_one_core_from_ours_on_all() -> None:
    rows = [line for line in report(MEASURED, figures(MEASURED), "") if line.startswith("c  ours")]
    assert "4.00" in rows[0]
    assert "7.50" in rows[1]


def test_a_goal_is_judged_only_where_it_was_measured() -> None:
    without = replace(MEASURED, keras=None)
    [line] = [line for line in report(without, figures(without), "no such thing") if line.startswith("ratio_to_keras")]
    assert line.endswith("not measured")


def test_the_best_of_each_figure_is_kept() -> None:
    assert best([Run(10, 0.2, 600), Run(20, 0.3, 500)]) == Run(20, 0.2, 500)


def test_a_process_that_is_measured_inherits_no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OMP_NUM_THREADS", "MKL_CBWR", "ATEN_CPU_CAPABILITY", "FIXED_MODEL_ISA"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("FIXPOINT_KEPT", "1")
    left = environment()
    assert "FIXPOINT_KEPT" in left
    assert not [name for name in left if name.startswith(("OMP_", "MKL_", "ATEN_", "FIXED_MODEL_"))]
