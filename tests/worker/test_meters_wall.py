"""A wall meter is a file or a command that says a number and its unit; anything else is no figure."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from worker.meters.wall import WallMeter


@pytest.mark.parametrize(
    ("before", "after", "joules", "step"),
    [
        ("1200 J", "4200 J", 3000, 1),
        ("1.5 kJ", "2.5 kJ", 1000, 100),
        ("10.00 Wh", "10.25 Wh\n", 900, 36),
        ("0.001 kWh", "0.003 kWh", 7200, 3600),
    ],
)
def test_a_file_is_read_before_and_after(tmp_path: Path, before: str, after: str, joules: float, step: float) -> None:
    file = tmp_path / "counter"
    file.write_text(before)
    meter = WallMeter(f"file:{file}")

    meter.start()
    file.write_text(after)

    counted = meter.stop()
    assert (counted.joules, counted.step) == (pytest.approx(joules), pytest.approx(step))


def test_a_command_is_asked_without_a_shell(tmp_path: Path) -> None:
    file = tmp_path / "a counter; touch oops"
    file.write_text("1 Wh")
    show = "import sys; print(open(sys.argv[1]).read())"
    meter = WallMeter(f"command:{shlex.join([sys.executable, '-c', show, str(file)])}")

    meter.start()
    file.write_text("3 Wh")

    assert meter.stop().joules == pytest.approx(7200)


@pytest.mark.parametrize("said", ["", "12", "12 watts", "-3 Wh", "nan Wh", "1e9 Wh", "3 Wh 4 Wh"])
def test_what_is_no_counter_is_no_figure(tmp_path: Path, said: str) -> None:
    file = tmp_path / "counter"
    file.write_text(said)
    meter = WallMeter(f"file:{file}")

    meter.start()

    counted = meter.stop()
    assert counted.joules is None
    assert "does not say a number and J, kJ, Wh or kWh" in counted.why


@pytest.mark.parametrize("source", ["file:/nowhere/counter", "command:/nowhere/meter", "command:false", "command:'"])
def test_a_meter_that_is_away_is_no_figure_and_no_failure(source: str) -> None:
    meter = WallMeter(source)

    meter.start()

    counted = meter.stop()
    assert counted.joules is None
    assert counted.why.startswith("the wall meter cannot be read")


@pytest.mark.parametrize("after", ["7.0 Wh", "6.0 Wh"])
def test_a_counter_that_did_not_move_has_measured_nothing(tmp_path: Path, after: str) -> None:
    file = tmp_path / "counter"
    file.write_text("7.0 Wh")
    meter = WallMeter(f"file:{file}")

    meter.start()
    file.write_text(after)

    assert meter.stop().joules is None
