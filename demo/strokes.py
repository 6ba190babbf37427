"""Where a pen goes for each numeral: strokes as points, before any hand has shaken."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NUMERALS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
"""The classes, in the order of their values."""

Points = NDArray[np.float64]

LETTERS: dict[str, tuple[float, list[list[tuple[float, float]]]]] = {
    "i": (0.16, [[(0.08, 0.0), (0.08, 1.0)]]),
    "v": (0.72, [[(0.0, 0.0), (0.36, 1.0), (0.72, 0.0)]]),
    "x": (0.70, [[(0.0, 0.0), (0.70, 1.0)], [(0.70, 0.0), (0.0, 1.0)]]),
}
"""Width and strokes of a letter; y runs down from the top of the letter at 0 to the line at 1."""

DOT_HEIGHT = -0.32
SERIF_REACH = 0.14


@dataclass(frozen=True)
class Manner:
    """How someone writes numerals: gap between letters, dots on i, short serifs, one bar over and under it all."""

    gap: float
    is_dotted: bool
    has_serifs: bool
    has_bars: bool


def strokes_of(numeral: str, manner: Manner) -> list[Points]:
    """The pen's paths as arrays [points, 2] of x and y; a path of one point is a dot."""
    strokes: list[Points] = []
    left = 0.0
    for letter in numeral:
        width, paths = LETTERS[letter]
        strokes += [np.array(path) + np.array((left, 0.0)) for path in paths]
        strokes += _ends(letter, left, width, manner)
        left += width + manner.gap
    if manner.has_bars:
        right = left - manner.gap
        strokes += [np.array([(-SERIF_REACH, y), (right + SERIF_REACH, y)]) for y in (0.0, 1.0)]
    return strokes


def _ends(letter: str, left: float, width: float, manner: Manner) -> list[Points]:
    """What stands at the ends of a letter: the dot of an i, serifs."""
    middle = left + width / 2
    ends: list[Points] = []
    if letter == "i" and manner.is_dotted and not manner.has_bars:
        ends.append(np.array([(middle, DOT_HEIGHT)]))
    if manner.has_serifs and not manner.has_bars:
        feet = {"i": [(middle, 0.0), (middle, 1.0)], "v": [(left, 0.0), (left + width, 0.0)]}
        ends += [np.array([(x - SERIF_REACH, y), (x + SERIF_REACH, y)]) for x, y in feet.get(letter, [])]
    return ends
