"""Counts of images by class and split, as small bars."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """One class: its counts, and its widths in per cent of the largest count."""

    name: str
    train: int
    val: int
    train_width: float
    val_width: float


@dataclass(frozen=True)
class Bars:
    """All classes in the task's order, and the totals."""

    rows: tuple[Bar, ...]
    train: int
    val: int


def bars_of(counts: dict[str, dict[str, int]], classes: Sequence[str]) -> Bars:
    """A class or split that is not in `counts` has no images."""
    train, val = counts.get("train", {}), counts.get("val", {})
    most = max([1, *train.values(), *val.values()])
    rows = tuple(
        Bar(
            name=name,
            train=train.get(name, 0),
            val=val.get(name, 0),
            train_width=round(100 * train.get(name, 0) / most, 1),
            val_width=round(100 * val.get(name, 0) / most, 1),
        )
        for name in classes
    )
    return Bars(rows=rows, train=sum(row.train for row in rows), val=sum(row.val for row in rows))
