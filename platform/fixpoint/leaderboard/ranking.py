"""Who stands where: pure functions over entries that have a score."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Any


@dataclass(frozen=True)
class Entry:
    """One scored entry. Accuracy is a share of 1; energy and grams standardised unless they say measured."""

    id: Hashable
    user: Hashable
    accuracy: float
    grams_standardised: float
    grams_measured: float | None
    kwh: float
    images: int
    entered_at: datetime


@dataclass(frozen=True)
class Ranked:
    """An entry at its place, from 1. No two share a place: the tie rule decides."""

    rank: int
    entry: Entry


Key = Callable[[Entry], tuple[Any, ...]]


def accuracy_ranking(entries: Iterable[Entry]) -> list[Ranked]:
    """Each user by their most accurate entry (the earlier of equals); users by accuracy, then by the earlier entry."""
    return _ranked(_best_of_each_user(entries, _by_accuracy), _by_accuracy)


def emissions_ranking(entries: Iterable[Entry], *, floor: float) -> list[Ranked]:
    """Each user by their entry of fewest standardised grams among those at or above the accuracy floor."""
    passed = (entry for entry in entries if entry.accuracy >= floor)
    return _ranked(_best_of_each_user(passed, _by_grams), _by_grams)


def by_measured(ranked: Iterable[Ranked]) -> list[Ranked]:
    """The same rows and ranks in the order of measured grams; what was not measured comes last."""
    return sorted(ranked, key=lambda row: (_or_last(row.entry.grams_measured), row.rank))


def _ranked(entries: Iterable[Entry], key: Key) -> list[Ranked]:
    return [Ranked(rank, entry) for rank, entry in enumerate(sorted(entries, key=key), start=1)]


def _best_of_each_user(entries: Iterable[Entry], key: Key) -> list[Entry]:
    best: dict[Hashable, Entry] = {}
    for entry in entries:
        held = best.get(entry.user)
        if held is None or key(entry) < key(held):
            best[entry.user] = entry
    return list(best.values())


def _by_accuracy(entry: Entry) -> tuple[Any, ...]:
    return (-entry.accuracy, entry.entered_at, str(entry.id))


def _by_grams(entry: Entry) -> tuple[Any, ...]:
    return (entry.grams_standardised, -entry.accuracy, entry.entered_at, str(entry.id))


def _or_last(grams: float | None) -> float:
    return inf if grams is None else grams
