"""Why an archive is not accepted: every reason, each with a file, a rule's code and a sentence."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

SHOWN = 10_000
"""Reasons that are written out; the rest is only counted."""

FIRST = 10
"""Of every rule these are written out whatever came before: never only the first kind of reason."""

PATH_SHOWN = 300
"""Characters of a path that are written out: a hostile name may have 65,535."""


@dataclass(frozen=True)
class Remark:
    """One file (or the whole archive: an empty path) under one rule."""

    rule: str
    path: str
    detail: str


class Remarks:
    """A growing list of remarks: refusals, or findings that refuse nothing."""

    def __init__(self) -> None:
        self.first: list[Remark] = []
        self.others: list[Remark] = []
        self.counts: Counter[str] = Counter()

    def add(self, rule: str, path: str, detail: str) -> None:
        """Note a reason; past the limit and the first of its rule it is only counted."""
        self.counts[rule] += 1
        is_first = self.counts[rule] <= FIRST
        if is_first or len(self.first) + len(self.others) < SHOWN:
            (self.first if is_first else self.others).append(Remark(rule, printable(path[:PATH_SHOWN]), detail))

    def __bool__(self) -> bool:
        return bool(self.counts)

    def as_json(self) -> list[dict[str, Any]]:
        """The first of every rule, then the others: whoever cuts the list at its end keeps some of each kind."""
        return [asdict(remark) for remark in (*self.first, *self.others)]


def printable(path: str) -> str:
    """A path that can be shown: what does not print is replaced."""
    return "".join(character if character.isprintable() else "\ufffd" for character in path)
