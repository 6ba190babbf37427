"""The front of both aims at once: entries that no other one beats in accuracy and grams together."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from fixpoint.leaderboard.ranking import Entry


def front(entries: Iterable[Entry]) -> list[Entry]:
    """Entries that none dominates, by rising grams and so by rising accuracy; equals stand on it together.

    One dominates another if it has no less accuracy and no more (standardised) grams, and is better in one of them.
    """
    ordered = sorted(entries, key=lambda entry: (entry.grams_standardised, -entry.accuracy, entry.entered_at))
    best = -inf
    kept: list[Entry] = []
    for entry in ordered:
        equals_last = bool(kept) and _aims(entry) == _aims(kept[-1])
        if entry.accuracy > best or equals_last:
            kept.append(entry)
            best = entry.accuracy
    return kept


def dominates(one: Entry, other: Entry) -> bool:
    """Better in one aim and worse in none."""
    no_worse = one.accuracy >= other.accuracy and one.grams_standardised <= other.grams_standardised
    return no_worse and _aims(one) != _aims(other)


def _aims(entry: Entry) -> tuple[float, float]:
    return entry.grams_standardised, entry.accuracy
