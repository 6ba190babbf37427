"""Accuracy over grams: who leads, and at what cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from fixpoint.pages.charts.scales import Tick, decimals_of, linear, log_steps, logarithmic, round_steps

WIDTH, HEIGHT = 640, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 24, 20, 48
_NAME_WIDTH = 110


class Spot(Protocol):
    """What of a row of the board is drawn."""

    @property
    def user(self) -> object:
        """Who, by name."""

    @property
    def accuracy(self) -> float:
        """A share."""

    @property
    def interval_low(self) -> float:
        """Its interval's lower end."""

    @property
    def interval_high(self) -> float:
        """Its interval's upper end."""

    @property
    def grams_standardised(self) -> float:
        """Of the work itself."""

    @property
    def grams_measured(self) -> float | None:
        """Of this run."""

    @property
    def is_on_front(self) -> bool:
        """No other entry beats it in both."""


@dataclass(frozen=True)
class Dot:
    """One entry: its place, the ends of its whisker, and whether its name has room left of it.

    Above and left of a dot on the front no other dot can be: it would beat it.
    """

    name: str
    x: float
    y: float
    low: float
    high: float
    accuracy: float
    grams: float
    is_on_front: bool
    is_named_left: bool


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


def scatter_of(rows: Sequence[Spot], *, measured: bool) -> Scatter | None:
    """Rows without the figure that is drawn are left out; None if no row is left.

    The front is of standardised grams: over measured ones no front is drawn.
    """
    pairs = [(_grams(row, measured=measured), row) for row in rows]
    known = sorted(((grams, row) for grams, row in pairs if grams), key=lambda pair: pair[0])
    if not known:
        return None
    xs = log_steps(known[0][0], known[-1][0])
    ys = round_steps(min(row.interval_low for _, row in known), max(row.interval_high for _, row in known))
    x = logarithmic(xs[0], xs[-1], _LEFT, WIDTH - _RIGHT)
    y = linear(ys[0], ys[-1], HEIGHT - _BOTTOM, _TOP)
    dots = [
        Dot(
            name=str(row.user),
            x=x(grams),
            y=y(row.accuracy),
            low=y(row.interval_low),
            high=y(row.interval_high),
            accuracy=row.accuracy,
            grams=grams,
            is_on_front=row.is_on_front and not measured,
            is_named_left=x(grams) > _LEFT + _NAME_WIDTH,
        )
        for grams, row in known
    ]
    return Scatter(
        dots=dots,
        front="" if measured else " ".join(f"{dot.x},{dot.y}" for dot in dots if dot.is_on_front),
        x_ticks=[Tick(x(step), step, decimals_of(step)) for step in xs],
        y_ticks=[Tick(y(step), step, decimals_of(ys[1] - ys[0])) for step in ys],
        measured=measured,
    )


def _grams(row: Spot, *, measured: bool) -> float | None:
    return row.grams_measured if measured else row.grams_standardised
