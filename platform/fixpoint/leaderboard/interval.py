"""How sure a share of correct answers is."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054
"""The 97.5 % quantile of the standard normal distribution: 95 % lie between -z and z."""


@dataclass(frozen=True)
class Interval:
    """Bounds of a share, both within 0…1."""

    low: float
    high: float

    @property
    def half_width(self) -> float:
        """What stands behind ±; around the interval's middle, which is not the share itself."""
        return (self.high - self.low) / 2


def wilson(accuracy: float, images: int, z: float = Z95) -> Interval:
    """Score interval of a share seen on `images` trials (E. B. Wilson 1927, without continuity correction)."""
    if images < 1 or not 0 <= accuracy <= 1:
        raise ValueError(f"no interval for a share of {accuracy} on {images} images")
    square = z * z
    middle = (accuracy + square / (2 * images)) / (1 + square / images)
    reach = z / (1 + square / images) * sqrt(accuracy * (1 - accuracy) / images + square / (4 * images * images))
    # Rounding may push a bound past the share itself where that is 0 or 1.
    return Interval(min(max(0.0, middle - reach), accuracy), max(min(1.0, middle + reach), accuracy))
