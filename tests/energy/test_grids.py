"""The three grids that are told are those of the table of the CodeCarbon that is installed."""

import json
from importlib.metadata import version
from pathlib import Path
from statistics import median

import codecarbon
import pytest

from fixpoint.energy import grids


@pytest.fixture(scope="module")
def table():
    file = Path(codecarbon.__file__).parent / "data" / "private_infra" / "global_energy_mix.json"
    mixes = json.loads(file.read_text()).values()
    return {mix["country_name"]: mix["carbon_intensity"] for mix in mixes}


def test_cleanest_median_and_dirtiest_are_those_of_the_table(table):
    told = {name: grams for name, grams in table.items() if grams > 0}
    assert min(told.items(), key=lambda each: each[1]) == (grids.CLEANEST_COUNTRY, grids.CLEANEST_G_PER_KWH)
    assert max(told.items(), key=lambda each: each[1]) == (grids.DIRTIEST_COUNTRY, grids.DIRTIEST_G_PER_KWH)
    assert median(told.values()) == pytest.approx(grids.MEDIAN_G_PER_KWH)
    assert len(told) == grids.COUNTRIES
    assert f"{grids.COUNTRIES} countries" in grids.SOURCE


def test_what_was_left_out_is_a_gap_of_the_table(table):
    assert [name for name, grams in table.items() if grams <= 0] == ["Central African Republic"]


def test_the_source_names_the_version_that_is_installed():
    assert f"CodeCarbon {version('codecarbon')}" in grids.SOURCE


def test_grams_by_each_grid_are_energy_times_building_times_grid():
    found = grids.grid_range(2.0, 1.5)
    assert [each.grams for each in (found.cleanest, found.median, found.dirtiest)] == [
        3 * grids.CLEANEST_G_PER_KWH,
        3 * grids.MEDIAN_G_PER_KWH,
        3 * grids.DIRTIEST_G_PER_KWH,
    ]
