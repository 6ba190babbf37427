"""The picture of a calibration shows every run twice, and those that are published are of their raw runs."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from fixpoint.energy.calibrate import RawRun, fit, read_runs
from fixpoint.energy.calibration import main
from fixpoint.energy.calibration_picture import picture
from fixpoint.energy.constants import CALIBRATIONS

PUBLISHED = Path(__file__).parents[2] / "docs" / "calibration"
SVG = "{http://www.w3.org/2000/svg}"


def test_every_run_has_a_dot_in_both_panels_and_a_stem() -> None:
    runs = read_runs(PUBLISHED / "cal-2026-11-22.json")
    drawn = ET.fromstring(picture("cal-2026-11-22", runs, fit(runs)))

    assert len(drawn.findall(f"{SVG}circle")) == 2 * len(runs)
    assert len([each for each in drawn.findall(f"{SVG}line") if each.get("class") == "stem"]) == len(runs)
    assert "12 runs from 6.9 to 30.2 CPU-seconds" in (drawn.findtext(f"{SVG}title") or "")


def test_a_run_that_the_fit_explains_lies_on_the_line() -> None:
    runs = [RawRun(g, m, 0.05 * g + 0.02 * m + 9) for g in (10, 100, 1000, 5000) for m in (1, 50, 400)]
    drawn = ET.fromstring(picture("exact", runs, fit(runs)))
    ideal = next(each for each in drawn.findall(f"{SVG}line") if each.get("class") == "ideal")
    x1, y1, x2, y2 = (float(ideal.get(name, "")) for name in ("x1", "y1", "x2", "y2"))

    for dot in drawn.findall(f"{SVG}circle")[: len(runs)]:
        along = (float(dot.get("cx", "")) - x1) / (x2 - x1)
        assert float(dot.get("cy", "")) == pytest.approx(y1 + along * (y2 - y1), abs=0.2)


@pytest.mark.parametrize("version", CALIBRATIONS)
def test_the_published_pictures_are_of_the_published_runs(version: str) -> None:
    runs = read_runs(PUBLISHED / f"{version}.json")
    assert (PUBLISHED / f"{version}.svg").read_text() == picture(version, runs, fit(runs))


def test_no_version_that_is_there_is_run_anew(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["cal-2026-11-22", "--folder", str(PUBLISHED)])

    assert ended.value.code == 2
    assert "never change" in capsys.readouterr().err


def test_runs_that_are_there_are_drawn_and_their_constants_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "again.json").write_text((PUBLISHED / "cal-2026-11-22.json").read_text())

    main(["again", "--folder", str(tmp_path), "--drawn"])

    assert "seconds_per_gflop      0.0208963" in capsys.readouterr().out
    assert (tmp_path / "again.svg").exists()


def test_too_few_runs_are_no_calibration(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "few.json").write_text('{"runs": [{"gflop": 1, "megapixels": 1, "cpu_seconds": 1}]}')

    with pytest.raises(SystemExit) as ended:
        main(["few", "--folder", str(tmp_path), "--drawn"])

    assert ended.value.code == 1
    assert "at least 10" in capsys.readouterr().err
