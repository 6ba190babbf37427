"""Lines over the epochs of a run."""

from collections.abc import Sequence
from dataclasses import dataclass

from fixpoint.pages.charts.scales import Scale, Tick, decimals_of, linear, round_steps

WIDTH, HEIGHT = 480, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 56, 12, 30


@dataclass(frozen=True)
class Point:
    """A place, and the value that it shows."""

    x: float
    y: float
    value: float


@dataclass(frozen=True)
class Curve:
    """Two polylines with their axes; `last` is the newest point of the first, `best` the epoch that was kept."""

    line: str
    second: str
    last: Point
    best: Point | None
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = WIDTH - _RIGHT
    top: int = _TOP
    bottom: int = HEIGHT - _BOTTOM


def curve_of(values: Sequence[float], others: Sequence[float], *, epochs: int, best: int | None) -> Curve | None:
    """`values[i]` is epoch i + 1 of `epochs`; None as long as there is no epoch."""
    if not values:
        return None
    shown = [*values, *others]
    steps = round_steps(min(shown), max(shown), 4)
    x = linear(1, max(epochs, 2), _LEFT, WIDTH - _RIGHT)
    y = linear(steps[0], steps[-1], HEIGHT - _BOTTOM, _TOP)
    points = [Point(x(index), y(value), value) for index, value in enumerate(values, start=1)]
    decimals = decimals_of(steps[1] - steps[0])
    return Curve(
        line=_polyline(values, x, y),
        second=_polyline(others, x, y),
        last=points[-1],
        best=points[best - 1] if best and best <= len(points) else None,
        x_ticks=[Tick(x(epoch), epoch, 0) for epoch in _epochs(epochs)],
        y_ticks=[Tick(y(step), step, decimals) for step in steps],
    )


def _polyline(values: Sequence[float], x: Scale, y: Scale) -> str:
    return " ".join(f"{x(index)},{y(value)}" for index, value in enumerate(values, start=1))


def _epochs(epochs: int) -> list[int]:
    if epochs <= 6:
        return list(range(1, epochs + 1))
    inner = [int(step) for step in round_steps(1, epochs, 4) if 1 < step < epochs * 0.93 and step == int(step)]
    return [1, *inner, epochs]
