"""Whether a run took what its work takes: its ratio measured / standardised against those of its kind of host."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

from fixpoint.energy.constants import CAL_2026_11_22, Calibration
from fixpoint.energy.estimates import standardised_cpu_seconds
from fixpoint.energy.ratios import Spread

SIGMAS = 3.0
"""Of runs that nothing disturbed, one in 370 lies outside."""

JUDGED_LEVEL = "M1"
"""Ratios were published for no other: counters count what else the machine takes, a model what it assumes."""


@dataclass(frozen=True)
class HostClass:
    """A kind of host, as a run's provenance names it."""

    device_class: str
    device: str


SPREADS = {
    (CAL_2026_11_22.version, HostClass("cpu-x86_64-intel-avx512", "Intel(R) Xeon(R) Processor")): Spread(0.9739, 0.1018)
}
"""As `fixpoint.energy.ratios` finds them in docs/calibration: 20 runs in three stretches of one day, quiet and
busy, on one thread and on two, of 7 to 52 CPU-seconds."""


@dataclass(frozen=True)
class Judged:
    """Measured / standardised, in CPU-seconds: watts are the same in both, whatever a host's are."""

    ratio: float
    low: float
    high: float

    @property
    def is_outside(self) -> bool:
        """Whether something else than the work took part."""
        return not self.low <= self.ratio <= self.high


def judged(
    cpu_seconds: float | None, *, gflop: float, megapixels: float, calibration: Calibration, host: HostClass, level: str
) -> Judged | None:
    """None where nothing is published to judge by, or the CPU-seconds are not known."""
    spread = SPREADS.get((calibration.version, host))
    if spread is None or cpu_seconds is None or level != JUDGED_LEVEL:
        return None
    width = exp(SIGMAS * spread.sigma)
    ratio = cpu_seconds / standardised_cpu_seconds(gflop, megapixels, calibration)
    return Judged(ratio, spread.centre / width, spread.centre * width)
