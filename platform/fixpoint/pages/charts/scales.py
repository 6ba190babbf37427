"""From values to coordinates, and where an axis has its marks."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor, log10

Scale = Callable[[float], float]


@dataclass(frozen=True)
class Tick:
    """A mark of an axis: its place, and the value written there."""

    at: float
    value: float
    decimals: int


def linear(low: float, high: float, start: float, end: float) -> Scale:
    """Straight from low…high to start…end."""
    span = (high - low) or 1.0
    return lambda value: round(start + (value - low) / span * (end - start), 1)


def logarithmic(low: float, high: float, start: float, end: float) -> Scale:
    """The same for values above 0, by their logarithm."""
    straight = linear(log10(low), log10(high), start, end)
    return lambda value: straight(log10(value))


def round_steps(low: float, high: float, count: int = 5) -> list[float]:
    """About `count` round values that enclose low…high; a single value gets room on both sides."""
    if high <= low:
        low, high = low - 0.05, high + 0.05
    rough = (high - low) / count
    power = 10.0 ** floor(log10(rough))
    step = power * next(factor for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(step * index, 10) for index in range(first, last + 1)]


def log_steps(low: float, high: float) -> list[float]:
    """Values 1, 2, 5 of every decade that enclose low…high."""
    decades = range(floor(log10(low)) - 1, ceil(log10(high)) + 2)
    values = [factor * 10.0**power for power in decades for factor in (1, 2, 5)]
    first = max(index for index, value in enumerate(values) if value <= low)
    last = min(index for index, value in enumerate(values) if value >= high)
    return values[first : max(last, first + 1) + 1]


def decimals_of(step: float) -> int:
    """How many decimals a value of this size needs."""
    return max(0, -floor(log10(step) + 1e-9)) if step > 0 else 0
