"""The fit finds the constants that made the runs, and says when it cannot."""

import json
import random
from pathlib import Path

import pytest

from fixpoint.energy.calibrate import CalibrationError, RawRun, fit, main, read_runs
from fixpoint.energy.constants import REFERENCE_WATTS_PER_CORE

SIZES = [(gflop, megapixels) for gflop in (10, 100, 1000, 5000) for megapixels in (1, 50, 400)]


def _runs(noise: float = 0.0) -> list[RawRun]:
    rng = random.Random(1)
    took = [0.05 * gflop + 0.02 * megapixels + 9.0 for gflop, megapixels in SIZES]
    return [
        RawRun(gflop, megapixels, seconds * (1 + rng.uniform(-noise, noise)))
        for (gflop, megapixels), seconds in zip(SIZES, took, strict=True)
    ]


def _raw(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_exact_runs_give_back_the_constants_that_made_them() -> None:
    found = fit(_runs())
    assert found.seconds_per_gflop == pytest.approx(0.05)
    assert found.seconds_per_megapixel == pytest.approx(0.02)
    assert found.seconds_per_entry == pytest.approx(9.0)
    assert found.residual == pytest.approx(0, abs=1e-9)


def test_noisy_runs_give_nearly_the_same_constants_and_own_up_to_the_noise() -> None:
    found = fit(_runs(noise=0.04))
    assert found.seconds_per_gflop == pytest.approx(0.05, rel=0.05)
    assert found.seconds_per_entry == pytest.approx(9.0, rel=0.1)
    assert 0.005 < found.residual < 0.04


def test_fewer_than_ten_runs_are_refused() -> None:
    with pytest.raises(CalibrationError, match="9 runs are too few"):
        fit(_runs()[:9])


def test_runs_that_vary_in_work_alone_are_refused() -> None:
    with pytest.raises(CalibrationError, match="independently"):
        fit([RawRun(gflop, 5.0, 9.0 + gflop) for gflop in range(1, 13)])


def test_work_that_would_give_energy_back_is_refused() -> None:
    runs = [RawRun(gflop, megapixels, 100 + gflop - megapixels / 10) for gflop, megapixels in SIZES]
    with pytest.raises(CalibrationError, match="no kind of work can cost nothing"):
        fit(runs)


def test_a_run_without_cpu_seconds_is_refused() -> None:
    with pytest.raises(CalibrationError, match="took no CPU-seconds"):
        fit([*_runs(), RawRun(1, 1, 0)])


def test_raw_files_are_a_list_or_an_object_with_one(tmp_path: Path) -> None:
    rows = [{"gflop": 1, "megapixels": 2, "cpu_seconds": 3, "wall_seconds": 4}]
    expected = [RawRun(1.0, 2.0, 3.0)]
    assert read_runs(_raw(tmp_path / "list.json", rows)) == expected
    assert read_runs(_raw(tmp_path / "object.json", {"runs": rows, "machine": {}})) == expected


def test_measured_energy_stands_for_seconds_of_a_reference_core(tmp_path: Path) -> None:
    (run,) = read_runs(_raw(tmp_path / "raw.json", [{"gflop": 1, "megapixels": 2, "kwh": 0.001}]))
    assert run.cpu_seconds == pytest.approx(0.001 * 3.6e6 / REFERENCE_WATTS_PER_CORE)


@pytest.mark.parametrize(
    "content", [{}, [{"gflop": 1}], ["x"], 5, [{"gflop": 1, "megapixels": "much", "cpu_seconds": 1}]]
)
def test_a_file_without_raw_runs_is_refused(tmp_path: Path, content: object) -> None:
    with pytest.raises(CalibrationError, match=r"raw\.json holds no raw runs"):
        read_runs(_raw(tmp_path / "raw.json", content))


def test_the_command_prints_constants_and_every_residual(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [vars(run) for run in _runs()]
    main([str(_raw(tmp_path / "raw.json", rows))])
    said = capsys.readouterr().out
    assert "seconds_per_gflop      0.05" in said
    assert said.count("%") == len(rows)


def test_the_command_ends_with_status_one_and_the_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([str(tmp_path / "missing.json")])
    assert ended.value.code == 1
    assert "missing.json holds no raw runs" in capsys.readouterr().err
