"""Work, energy, grams and kilometres follow from counts and named constants alone."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixpoint.energy.constants import CALIBRATION, CALIBRATIONS, REFERENCE_WATTS_PER_CORE, Calibration
from fixpoint.energy.estimates import (
    grams,
    km_by_car,
    predicted_seconds,
    standardised_cpu_seconds,
    standardised_kwh,
    work_of_entry,
)
from fixpoint.recipes import RecipeFacts

FACTS = RecipeFacts("r", "d", input_size=32, gflop_train_image=3.0, gflop_eval_image=1.0, epochs=10, batch=8)
ROUND = Calibration(
    version="round",
    seconds_per_gflop=2.0,
    seconds_per_megapixel=5.0,
    seconds_per_entry=100.0,
    residual=0.0,
    watts_per_core=10.0,
    source="a test",
)


def test_work_is_every_epoch_over_train_and_val_and_the_hidden_images_once() -> None:
    assert work_of_entry(FACTS, train=100, val=20, hidden=7) == 10 * (100 * 3 + 20 * 1) + 7


def test_several_seeds_are_as_much_work_as_one_so_many_times() -> None:
    one = work_of_entry(FACTS, train=100, val=20, hidden=7)
    assert work_of_entry(FACTS, train=100, val=20, hidden=7, seeds=3) == 3 * one


def test_work_of_nothing_is_nothing() -> None:
    assert work_of_entry(FACTS, train=0, val=0, hidden=0) == 0


def test_cpu_seconds_are_learning_decoding_and_starting() -> None:
    assert standardised_cpu_seconds(1000, 10, ROUND) == 2 * 1000 + 5 * 10 + 100


def test_energy_is_cpu_seconds_times_watts() -> None:
    assert standardised_kwh(1000, 10, ROUND) == pytest.approx(2150 * 10 / 3.6e6)


@pytest.mark.parametrize(
    ("seeds", "cores", "expected"), [(1, 1, 600), (1, 8, 600), (2, 2, 300), (3, 2, 400), (3, 1, 600)]
)
def test_wall_clock_is_that_of_seeds_side_by_side(seeds: int, cores: int, expected: float) -> None:
    assert predicted_seconds(600, seeds, cores) == expected


def test_grams_are_energy_times_grid_and_building() -> None:
    assert grams(2.0) == 2 * 445
    assert grams(2.0, grid=100, pue=1.5) == 300


def test_a_kilometre_by_car_is_what_the_mean_new_car_of_2024_emits() -> None:
    assert km_by_car(106.8) == pytest.approx(1.0)
    assert km_by_car(0) == 0


@given(st.floats(0, 1e7), st.floats(0, 1e5), st.floats(0.1, 1e6))
def test_more_work_never_costs_less(gflop: float, megapixels: float, more: float) -> None:
    assert standardised_kwh(gflop + more, megapixels) > standardised_kwh(gflop, megapixels)
    assert standardised_kwh(gflop, megapixels + more) > standardised_kwh(gflop, megapixels)


def test_the_same_work_costs_the_same_whatever_runs_beside_it() -> None:
    assert len({standardised_kwh(21_544.9, 180.0) for _ in range(100)}) == 1


def test_a_calibration_is_found_by_the_version_that_a_task_pinned() -> None:
    assert CALIBRATIONS[CALIBRATION.version] == CALIBRATION
    assert all(version == each.version for version, each in CALIBRATIONS.items())


def test_every_calibration_charges_for_each_kind_of_work() -> None:
    for each in CALIBRATIONS.values():
        assert each.seconds_per_gflop > 0
        assert each.seconds_per_megapixel > 0
        assert each.seconds_per_entry > 0
        assert each.source


def test_watts_of_the_reference_core_lie_between_a_thread_and_a_core_of_its_processor() -> None:
    assert 350 / 128 < REFERENCE_WATTS_PER_CORE < 350 / 64


def test_another_calibration_moves_the_figures_only_where_it_is_used() -> None:
    dearer = replace(ROUND, seconds_per_gflop=4.0)
    assert standardised_kwh(100, 0, dearer) > standardised_kwh(100, 0, ROUND)
