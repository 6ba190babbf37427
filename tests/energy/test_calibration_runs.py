"""A calibration run is the real program at a known size, with the CPU-seconds that the kernel counted."""

import os
from pathlib import Path

import pytest

from fixpoint.energy.calibrate import fit, read_runs
from fixpoint.energy.calibration_runs import RECIPE, StageError, machine, run_entry, run_stage
from fixpoint.energy.constants import CALIBRATION
from fixpoint.energy.estimates import work_of_entry
from fixpoint.recipes import recipe_facts

PUBLISHED = Path(__file__).parents[2] / "docs" / "calibration"


@pytest.fixture(autouse=True)
def _model_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))


def test_one_entry_runs_through_all_phases(tmp_path: Path) -> None:
    row = run_entry(tmp_path, train=20, side=48, threads=1)
    facts = recipe_facts(RECIPE)
    assert (row["train"], row["val"], row["hidden"]) == (20, 10, 200)
    assert row["megapixels"] == pytest.approx(30 * 48 * 48 / 1e6)
    assert row["recipe_digest"] == facts.digest
    assert row["gflop"] == pytest.approx(work_of_entry(facts, train=20, val=10, hidden=200))
    assert list(row["phases"]) == ["ingest", "train", "predict"]
    assert 0 < row["phases"]["ingest"]["cpu_seconds"] < row["phases"]["train"]["cpu_seconds"]
    assert row["cpu_seconds"] == pytest.approx(sum(phase["cpu_seconds"] for phase in row["phases"].values()))


def test_a_refused_archive_ends_the_calibration_with_the_programs_words(tmp_path: Path) -> None:
    (tmp_path / "bad.zip").write_bytes(b"no zip")
    request = {"recipe": RECIPE, "layout": "flat", "classes": [], "sheet_per_class": 1, "limits": {}}
    with pytest.raises(StageError, match="ingest failed"):
        run_stage("ingest", request, tmp_path / "out", threads=1, archive=tmp_path / "bad.zip")


def test_the_machine_is_described() -> None:
    found = machine()
    assert found["cores"] == os.cpu_count()
    assert "model name" in found["cpu"]


def test_the_pinned_constants_are_the_fit_of_the_published_runs() -> None:
    found = fit(read_runs(PUBLISHED / f"{CALIBRATION.version}.json"))
    assert found.seconds_per_gflop == pytest.approx(CALIBRATION.seconds_per_gflop, rel=1e-3)
    assert found.seconds_per_megapixel == pytest.approx(CALIBRATION.seconds_per_megapixel, rel=1e-3)
    assert found.seconds_per_entry == pytest.approx(CALIBRATION.seconds_per_entry, rel=1e-3)
    assert found.residual == pytest.approx(CALIBRATION.residual, rel=1e-2)
