"""A column for each day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from fixpoint.pages.charts.scales import Tick, decimals_of, linear, round_steps

WIDTH, HEIGHT = 480, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 8, 12, 28
_MARKS = 4


@dataclass(frozen=True)
class Column:
    """One day's column."""

    x: float
    y: float
    height: float


@dataclass(frozen=True)
class DayMark:
    """A day named below the axis."""

    at: float
    day: date


@dataclass(frozen=True)
class Columns:
    """All columns, `breadth` wide each, with the axes."""

    columns: list[Column]
    breadth: float
    y_ticks: list[Tick]
    days: list[DayMark]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    top: int = _TOP
    bottom: int = HEIGHT - _BOTTOM


def columns_of(days: Sequence[date], values: Sequence[float], *, are_whole: bool = False) -> Columns | None:
    """From nought up; None where there is no day. The axis of what `are_whole` has no marks between whole numbers."""
    if not days:
        return None
    most = max(values)
    steps = round_steps(0, most, _MARKS) if most > 0 else [0.0, 1.0]
    if are_whole and steps[1] < 1:
        steps = [float(step) for step in range(ceil(most) + 1)]
    y = linear(0, steps[-1], HEIGHT - _BOTTOM, _TOP)
    slot = (WIDTH - _RIGHT - _LEFT) / len(days)
    breadth = round(max(1.0, min(24.0, slot * 0.8)), 1)

    def middle(index: int) -> float:
        return round(_LEFT + slot * (index + 0.5), 1)

    every = max(1, -(-len(days) // _MARKS))
    decimals = decimals_of(steps[1] - steps[0])
    return Columns(
        columns=[
            Column(round(middle(index) - breadth / 2, 1), y(value), round(HEIGHT - _BOTTOM - y(value), 1))
            for index, value in enumerate(values)
        ],
        breadth=breadth,
        y_ticks=[Tick(y(step), step, decimals) for step in steps],
        days=[DayMark(middle(index), days[index]) for index in range(every // 2, len(days), every)],
    )
