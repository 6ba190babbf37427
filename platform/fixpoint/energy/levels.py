"""The levels of measured energy with their bands, as pages tell them; `worker.meters.bands` has the arguments."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Level:
    """`bands` are relative, at 95 %: where there are two, of a host whose watts were set, and of any other."""

    code: str
    bands: tuple[float, ...]


LEVELS = (Level("M3", (0.02,)), Level("M2", (0.05,)), Level("M1", (0.25, 0.5)), Level("M0", (1.0,)))
