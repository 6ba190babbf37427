"""How clean and how dirty electricity is over the world: the same energy, in the grams of other grids."""

from __future__ import annotations

from dataclasses import dataclass

from fixpoint.energy.estimates import grams

SOURCE = "CodeCarbon 3.3.2, data/private_infra/global_energy_mix.json (Our World in Data), 212 countries"
"""The table has 213; the Central African Republic stands there with 0, which is a gap and no grid."""

COUNTRIES = 212
CLEANEST_COUNTRY, CLEANEST_G_PER_KWH = "Lesotho", 20.0
MEDIAN_G_PER_KWH = 488.4945
DIRTIEST_COUNTRY, DIRTIEST_G_PER_KWH = "Turkmenistan", 1306.025


@dataclass(frozen=True)
class Grid:
    """The same energy by one grid; `country` is "" for the one in the middle."""

    country: str
    g_per_kwh: float
    grams: float


@dataclass(frozen=True)
class GridRange:
    """By the cleanest grid, the median and the dirtiest."""

    cleanest: Grid
    median: Grid
    dirtiest: Grid
    countries: int = COUNTRIES


def grid_range(kwh: float, pue: float) -> GridRange:
    """At the plug of a building of this PUE."""

    def by(country: str, grid: float) -> Grid:
        return Grid(country, grid, grams(kwh, grid, pue))

    return GridRange(
        cleanest=by(CLEANEST_COUNTRY, CLEANEST_G_PER_KWH),
        median=by("", MEDIAN_G_PER_KWH),
        dirtiest=by(DIRTIEST_COUNTRY, DIRTIEST_G_PER_KWH),
    )
