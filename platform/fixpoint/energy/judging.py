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


SHORTEST = 60.0
"""Standardised CPU-seconds of a run that is judged: in a shorter one the start of the programs decides."""

SPREADS = {
    (CAL_2026_11_22.version, HostClass("cpu-x86_64-intel-avx512", "Intel(R) Xeon(R) Processor")): Spread(0.9340, 0.1036)
}
"""As `fixpoint.energy.ratios` finds them in docs/calibration: 48 runs in several hours of a day, quiet, busy and beside
a neighbour, without a sandbox and in Docker, on one thread and on two, of 6 to 122 CPU-seconds."""


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
    """None where nothing is published to judge by, the CPU-seconds are not known, or the run is too short."""
    spread = SPREADS.get((calibration.version, host))
    standardised = standardised_cpu_seconds(gflop, megapixels, calibration)
    if spread is None or cpu_seconds is None or level != JUDGED_LEVEL or standardised < SHORTEST:
        return None
    width = exp(SIGMAS * spread.sigma)
    return Judged(cpu_seconds / standardised, spread.centre / width, spread.centre * width)
