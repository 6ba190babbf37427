"""`make bench-ingest` runs and tells what it promises; how fast anything is on a busy machine is no test's business."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from demo.bundle import Amounts, generate
from tests.benchmarks.ingesting.__main__ import report
from tests.benchmarks.ingesting.archives import extracted, part
from tests.benchmarks.ingesting.clock import Run
from tests.benchmarks.ingesting.figures import Measured, best, exponent, figures
from tests.benchmarks.training.processes import ROOT

MEASURED = Measured(
    decode=Run(1000, 2.0, 2.0),
    imagefolder=Run(1000, 4.0, 3.0),
    ours=Run(1000, 1.0, 1.5),
    inspection=0.25,
    peak_mib=123.4,
    growth=[Run(250, 0.25, 0.3), Run(1000, 1.0, 1.5)],
)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight images a class."""
    return generate(tmp_path_factory.mktemp("drawn"), Amounts(train=4, val=4, hidden=1, book=1), seed=1).cleaned


@pytest.fixture(scope="module")
def printed(drawn: Path) -> list[str]:
    """The lines of a run on a tiny archive."""
    command = [sys.executable, "-m", "tests.benchmarks.ingesting", "--archive", str(drawn), "--rounds", "1"]
    done = subprocess.run([*command, "--sizes", "40"], cwd=ROOT, env=os.environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_last_line_holds_every_figure(printed: list[str]) -> None:
    found: dict[str, Any] = json.loads(printed[-1])
    promised = ("ratio_to_decode", "ratio_to_imagefolder", "inspect_ms", "images_per_second", "peak_rss_mib")
    assert all(found[name] > 0 for name in promised)
    assert found["images"] == 80
    assert found["growth"].keys() == {"40", "80"}
    assert found["cpu_seconds_per_1000_images"].keys() == {"decode", "imagefolder", "ours"}


def test_ratios_are_of_images_a_second() -> None:
    found = figures(MEASURED)
    assert (found["ratio_to_decode"], found["ratio_to_imagefolder"]) == (2.0, 4.0)
    assert (found["inspect_ms"], found["images_per_second"], found["peak_rss_mib"]) == (250, 1000, 123.4)
    assert found["cpu_seconds_per_1000_images"] == {"decode": 2.0, "imagefolder": 3.0, "ours": 1.5}
    assert found["growth_exponent"] == 1.0


def test_the_exponent_tells_linear_from_quadratic() -> None:
    assert exponent({100: 1.0, 200: 2.0, 1000: 10.0}) == 1.0
    assert exponent({100: 1.0, 200: 4.0, 1000: 100.0}) == 2.0
    assert exponent({100: 1.0}) is None


def test_the_best_of_each_figure_is_kept() -> None:
    assert best([Run(10, 2.0, 3.0), Run(10, 3.0, 2.5)]) == Run(10, 2.0, 2.5)


def test_a_goal_is_said_to_be_met_or_missed() -> None:
    goals = [line for line in report(MEASURED, figures(MEASURED)) if line.endswith(("met", "missed"))]
    assert len(goals) == 2
    assert all(line.endswith("met") for line in goals)
    slow = figures(MEASURED) | {"ratio_to_decode": 1.49, "inspect_ms": 301.0}
    assert sum(line.endswith("missed") for line in report(MEASURED, slow)) == 2


def test_a_smaller_archive_keeps_every_class(drawn: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(part(drawn, 40, tmp_path)) as smaller:
        names = smaller.namelist()
    assert len(set(names)) == 40
    assert len({tuple(name.split("/")[-3:-1]) for name in names}) == 20


def test_the_files_of_an_archive_lie_by_split_and_class(drawn: Path, tmp_path: Path) -> None:
    folder = extracted(drawn, tmp_path / "files")
    assert {path.name for path in folder.iterdir()} == {"train", "val"}
    assert len(list(folder.rglob("*.png"))) == 80
