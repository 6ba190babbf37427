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


_T = (12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622)
"""97.5 % quantiles of Student's t for 1 to 9 degrees of freedom."""


def with_seeds(accuracy: float, images: int, seeds: int, spread: float) -> Interval:
    """Interval of a mean over seeds, of which `spread` is the sample standard deviation.

    Two things vary: which images were drawn (Wilson's interval, as for one seed) and which seeds: spread / sqrt(seeds).
    Their standard errors are added in quadrature, each side by itself, and reach as far as Student's t with the
    effective degrees of freedom of Satterthwaite (1946) and Welch (1947): a spread seen on few seeds is itself unsure.
    """
    plain = wilson(accuracy, images)
    of_seeds = spread * spread / seeds
    if seeds < 2 or not of_seeds:
        return plain

    def reach(distance: float) -> float:
        of_images = (distance / Z95) ** 2
        share = 1 + of_images / of_seeds
        return student((seeds - 1) * share * share) * sqrt(of_images + of_seeds)

    low, high = accuracy - reach(accuracy - plain.low), accuracy + reach(plain.high - accuracy)
    return Interval(max(0.0, low), min(1.0, high))


def student(freedom: float) -> float:
    """The 97.5 % quantile of Student's t, never too small by more than 1e-3.

    Up to 9 degrees of freedom by the whole number below, from 10 on by Cornish and Fisher's expansion about the normal.
    """
    if freedom < len(_T) + 1:
        return _T[int(freedom) - 1]
    z = Z95
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + (first + (second + third / freedom) / freedom) / freedom
