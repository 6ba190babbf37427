"""The hand that writes: slanted, shaking, pressing now more, now less."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from demo.strokes import Manner, Points, strokes_of

STEP = 0.02
"""Distance of the points along a stroke, in heights of a letter."""


@dataclass(frozen=True)
class Trace:
    """A finished stroke: points [n, 2] and the pen's radius [n] at each, in heights of a letter."""

    points: Points
    radii: Points


def write(numeral: str, rng: np.random.Generator) -> list[Trace]:
    """One numeral as one person would write it once: everything about it is drawn from `rng`."""
    manner = Manner(
        gap=rng.uniform(0.16, 0.42),
        is_dotted=rng.random() < 0.7,
        has_serifs=rng.random() < 0.2,
        has_bars=rng.random() < 0.12,
    )
    bend = _bend(rng)
    radius = rng.uniform(0.035, 0.085)
    return [_trace(stroke @ bend, radius, rng) for stroke in strokes_of(numeral, manner)]


def _bend(rng: np.random.Generator) -> Points:
    """Slant, turn and squeeze, as one matrix for row vectors."""
    slant, turn = rng.normal(0.0, 0.16), rng.normal(0.0, 0.09)
    squeeze = rng.uniform(0.75, 1.3)
    shear = np.array([(1.0, 0.0), (-slant, 1.0)])
    rotation = np.array([(np.cos(turn), np.sin(turn)), (-np.sin(turn), np.cos(turn))])
    bend: Points = np.diag((squeeze, 1.0)) @ shear @ rotation
    return bend


def _trace(corners: Points, radius: float, rng: np.random.Generator) -> Trace:
    """Misses the corners, bends and wavers on the way; the pressure swells and fades."""
    missed = corners + rng.normal(0.0, 0.045, corners.shape)
    if len(missed) == 1:
        return Trace(missed + rng.normal(0.0, 0.05, missed.shape), np.array([radius * rng.uniform(1.1, 1.7)]))
    path = _rounded(_sampled(missed), int(rng.integers(1, 14)))
    along = np.linspace(0.0, 1.0, len(path))
    for axis in (0, 1):
        path[:, axis] += rng.normal(0.0, 0.04) * np.sin(np.pi * along)
        path[:, axis] += rng.normal(0.0, 0.007) * np.sin(2 * np.pi * (rng.uniform(1.0, 2.5) * along + rng.random()))
    pressure = 1 + rng.uniform(0.0, 0.3) * np.sin(np.pi * (along * rng.uniform(0.5, 1.5) + rng.random()))
    return Trace(path, radius * pressure)


def _rounded(path: Points, reach: int) -> Points:
    """Corners taken the sooner the hastier the hand: a running mean over `reach` points to each side."""
    window = 2 * reach + 1
    padded = np.pad(path, ((reach, reach), (0, 0)), mode="edge")
    return np.stack([np.convolve(padded[:, axis], np.ones(window) / window, "valid") for axis in (0, 1)], axis=1)


def _sampled(corners: Points) -> Points:
    """Points along the straight lines between corners, no farther apart than STEP."""
    pieces = []
    for start, end in pairwise(corners):
        count = max(2, int(np.hypot(*(end - start)) / STEP))
        pieces.append(start + (end - start) * np.linspace(0.0, 1.0, count)[:, None])
    return np.concatenate(pieces)
