"""How far a figure of each level may be from the truth: relative, at 95 % (two standard deviations)."""

from __future__ import annotations

import math

WALL = 0.02
"""Class 2 of IEC 62053-21: the largest error that such a meter may have. The counter's last digit comes to it."""

COUNTERS = 0.05
"""An assumption, none of ours was held against a meter. RAPL's packages follow one closely from Haswell on (Khan et
al., RAPL in Action, ACM TOMPECS 3(2), 2018); a GPU's sensor is right to some per cent of a steady load, and may be far
off where it comes in bursts (Yang et al., arXiv 2312.02741). Both are taken to err alike."""

CALIBRATED = 0.25
"""Watts per core set for this host. A thread takes more alone on its core than beside a second one, and a busy package
clocks lower: the watts of one busy logical core hold to a quarter from one busy core to all of them."""

UNCALIBRATED = 0.5
"""The default of 4 W, for a host of unknown watts: TDP over threads is 2.2 to 4.7 W for the server processors that
`worker.meters.levels.WATTS_PER_CORE` names, TDP over cores up to 5.5 W."""

MODEL = 1.0
"""CodeCarbon's model was up to 40 % off on hosts with nothing else to do (Fischer, arXiv 2509.22092). Beside
neighbours, whom it counts with the run, it is up to several times too high: the figure is an order of magnitude."""


def with_step(band: float, joules: float, step: float) -> float:
    """With a counter's last digit, which is uncertain at both ends of the phase."""
    return math.hypot(band, step / joules)


def of_sum(parts: list[tuple[float, float]]) -> float | None:
    """Of a sum of (energy, band). The parts err alike, by the same watts and the same meters: nothing evens out."""
    total = sum(energy for energy, _ in parts)
    return sum(energy * band for energy, band in parts) / total if total > 0 else None
