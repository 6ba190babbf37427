"""How clean and how dirty electricity is over the world: the same energy, in the grams of other grids."""

from __future__ import annotations

from dataclasses import dataclass

SOURCE = "CodeCarbon 3.3.2, data/private_infra/global_energy_mix.json (Our World in Data), 212 countries"
"""The table has 213; the Central African Republic stands there with 0, which is a gap and no grid."""

CLEANEST_COUNTRY, CLEANEST_G_PER_KWH = "Lesotho", 20.0
MEDIAN_G_PER_KWH = 488.4945
DIRTIEST_COUNTRY, DIRTIEST_G_PER_KWH = "Turkmenistan", 1306.025


@dataclass(frozen=True)
class GridRange:
    """Grams of the same energy by the cleanest grid, the one in the middle and the dirtiest."""

    cleanest: float
    median: float
    dirtiest: float


def grid_range(kwh: float, pue: float) -> GridRange:
    """At the plug of a building of this PUE."""
    return GridRange(kwh * pue * CLEANEST_G_PER_KWH, kwh * pue * MEDIAN_G_PER_KWH, kwh * pue * DIRTIEST_G_PER_KWH)
