"""Reasons against an archive as they are found: all of them counted, many of them kept, some of every kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from fixpoint.datasets.rules import SHOWN_PER_RULE, TEMPLATES, Refusal

KEPT = 10_000
"""Reasons that are kept of one archive; the first ten of each kind beside them, whatever came before."""
MOST_KEPT = KEPT + SHOWN_PER_RULE * len(TEMPLATES)
PATH_SHOWN = 200
T = TypeVar("T")


class Reasons:
    """`counts` is exact; `kept` is in the order in which they were found."""

    def __init__(self) -> None:
        self.kept: list[Refusal] = []
        self.counts: Counter[str] = Counter()

    def add(self, refusals: Iterable[Refusal]) -> None:
        """Take reasons as they are found."""
        for refusal in refusals:
            self.counts[refusal.rule] += 1
            if len(self.kept) < KEPT or self.counts[refusal.rule] <= SHOWN_PER_RULE:
                self.kept.append(_shown(refusal))

    def note(self, rule: str, found: Sequence[T], path: Callable[[T], str], detail: Callable[[T], str]) -> None:
        """Take all that breaks one rule. What is only counted costs next to nothing: there may be tens of thousands."""
        room = max(KEPT - len(self.kept), SHOWN_PER_RULE - self.counts[rule], 0)
        if found:
            self.counts[rule] += len(found)
        self.kept += [_shown(Refusal(rule, path(each), detail(each))) for each in found[:room]]


def _shown(refusal: Refusal) -> Refusal:
    """As it may stand on a page: a path is cut to a readable length, what does not print is escaped."""
    path = refusal.path if len(refusal.path) <= PATH_SHOWN else f"{refusal.path[:PATH_SHOWN]}…"
    return Refusal(refusal.rule, _printable(path), _printable(refusal.detail))


def _printable(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in text)
