"""Accuracy over grams: who leads, and at what cost."""

from collections.abc import Sequence
from dataclasses import dataclass

from fixpoint.pages.charts.scales import Tick, decimals_of, linear, log_steps, logarithmic, round_steps

WIDTH, HEIGHT = 640, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 24, 24, 48
_NAME_WIDTH = 110
_MIDDLE = (_LEFT + WIDTH - _RIGHT) / 2


@dataclass(frozen=True)
class Spot:
    """What is drawn of an entry: accuracy and its interval as shares of 1, grams of CO₂, the page that it leads to.

    `grams` is None where they were not measured; `is_reference` is a baseline or another entry that is not ranked.
    """

    name: str
    address: str
    accuracy: float
    low: float
    high: float
    grams: float | None
    is_on_front: bool = False
    is_reference: bool = False
    is_mine: bool = False


@dataclass(frozen=True)
class Dot:
    """A spot at its place, the ends of its whisker, and on which side there is room for its name and its figures.

    Above and left of a dot on the front no other dot can be: it would beat it.
    """

    spot: Spot
    x: float
    y: float
    low: float
    high: float
    is_named_left: bool
    is_told_left: bool


@dataclass(frozen=True)
class Scatter:
    """Dots with the least grams first, so that the front is one line."""

    dots: list[Dot]
    front: str
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    measured: bool
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    top: int = _TOP
    bottom: int = HEIGHT - _BOTTOM


def scatter_of(spots: Sequence[Spot], *, measured: bool) -> Scatter | None:
    """Spots without grams are left out; None if none is left.

    The front is of standardised grams: over measured ones no front is drawn.
    """
    known = sorted((spot.grams, index, spot) for index, spot in enumerate(spots) if spot.grams)
    if not known:
        return None
    xs = log_steps(known[0][0], known[-1][0])
    ys = round_steps(min(spot.low for *_, spot in known), max(spot.high for *_, spot in known))
    x = logarithmic(xs[0], xs[-1], _LEFT, WIDTH - _RIGHT)
    y = linear(ys[0], ys[-1], HEIGHT - _BOTTOM, _TOP)
    dots = [
        Dot(
            spot=spot,
            x=x(grams),
            y=y(spot.accuracy),
            low=y(spot.low),
            high=y(spot.high),
            is_named_left=x(grams) > _LEFT + _NAME_WIDTH,
            is_told_left=x(grams) > _MIDDLE,
        )
        for grams, _, spot in known
    ]
    on_front = [dot for dot in dots if dot.spot.is_on_front]
    return Scatter(
        dots=dots,
        front="" if measured else " ".join(f"{dot.x},{dot.y}" for dot in on_front),
        x_ticks=[Tick(x(step), step, decimals_of(step)) for step in xs],
        y_ticks=[Tick(y(step), step, decimals_of(ys[1] - ys[0])) for step in ys],
        measured=measured,
    )
