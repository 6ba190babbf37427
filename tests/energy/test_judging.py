"""A run is judged by its ratio measured / standardised, where ratios of its kind of host were published."""

from math import exp, log
from pathlib import Path

import pytest

from fixpoint.energy.calibrate import RawRun, read_runs
from fixpoint.energy.constants import CAL_2026_11, CAL_2026_11_22, CALIBRATIONS
from fixpoint.energy.estimates import standardised_cpu_seconds
from fixpoint.energy.judging import SHORTEST, SPREADS, HostClass, judged
from fixpoint.energy.ratios import main, spread

PUBLISHED = Path(__file__).parents[2] / "docs" / "calibration"
HOST = HostClass("cpu-x86_64-intel-avx512", "Intel(R) Xeon(R) Processor")
WORK = {"gflop": 5000.0, "megapixels": 10.0}


def of(ratio, *, calibration=CAL_2026_11_22, host=HOST, level="M1"):
    seconds = ratio * standardised_cpu_seconds(**WORK, calibration=calibration)
    return judged(seconds, **WORK, calibration=calibration, host=host, level=level)


def test_a_run_as_it_should_be_is_inside():
    assert not of(1.0).is_outside
    assert of(1.0).ratio == pytest.approx(1.0)


def test_three_sigma_of_the_logarithm_are_the_border_on_both_sides():
    known = SPREADS[CAL_2026_11_22.version, HOST]
    for side in (1, -1):
        border = known.centre * exp(side * 3 * known.sigma)
        assert not of(border * exp(-side * 1e-6)).is_outside
        assert of(border * exp(side * 1e-6)).is_outside


@pytest.mark.parametrize(
    "unknown",
    [
        {"host": HostClass("cuda-A100-13.0-92400", "A100")},
        {"host": HostClass(HOST.device_class, "Intel(R) Xeon(R) Gold 6338")},
        {"calibration": CAL_2026_11},
        {"level": "M0"},
        {"level": "M2"},
        {"level": ""},
    ],
)
def test_where_nothing_is_published_nobody_is_judged(unknown):
    assert of(9.0, **unknown) is None


def test_without_cpu_seconds_nobody_is_judged():
    assert judged(None, **WORK, calibration=CAL_2026_11_22, host=HOST, level="M1") is None


def test_a_run_that_is_mostly_the_start_of_its_programs_is_not_judged():
    for gflop, is_long in ((SHORTEST / CAL_2026_11_22.seconds_per_gflop, True), (1000.0, False)):
        found = judged(999.0, gflop=gflop, megapixels=0.0, calibration=CAL_2026_11_22, host=HOST, level="M1")
        assert (found is not None) is is_long


def test_the_pinned_spreads_are_those_of_the_published_runs():
    files = [PUBLISHED / f"{CAL_2026_11_22.version}.json", *sorted((PUBLISHED / "hours").glob("*.json"))]
    found = spread(CAL_2026_11_22, [run for file in files for run in read_runs(file)])
    pinned = SPREADS[CAL_2026_11_22.version, HOST]
    assert (found.centre, found.sigma) == (
        pytest.approx(pinned.centre, rel=1e-3),
        pytest.approx(pinned.sigma, rel=1e-3),
    )


def test_a_spread_is_of_logarithms_so_that_twice_is_as_far_as_half():
    seconds = standardised_cpu_seconds(**WORK, calibration=CAL_2026_11)
    found = spread(CAL_2026_11, [RawRun(**WORK, cpu_seconds=seconds * factor) for factor in (0.5, 2.0)])
    assert found.centre == pytest.approx(1.0)
    assert found.sigma == pytest.approx(log(2.0) * 2**0.5)


def test_every_spread_is_of_a_calibration_that_is_known():
    assert {version for version, _ in SPREADS} <= CALIBRATIONS.keys()


def test_the_command_prints_every_ratio_and_what_is_to_be_pinned(capsys):
    main([CAL_2026_11_22.version, str(PUBLISHED / "hours" / "two-threads.json")])
    said = capsys.readouterr().out
    assert said.startswith("two-threads.json: 0.979 1.001 1.035 1.034\n")
    assert "centre 1.012\nsigma  0.0272\n" in said


def test_what_holds_no_runs_is_said(tmp_path, capsys):
    (tmp_path / "bad.json").write_text("[]{")
    with pytest.raises(SystemExit) as ended:
        main([CAL_2026_11_22.version, str(tmp_path / "bad.json")])
    assert ended.value.code == 1
    assert "bad.json holds no raw runs" in capsys.readouterr().err
