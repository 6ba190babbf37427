"""A process's own copy of a task's entries: read whole once, and from then on only what has changed.

How no change is missed: see submissions/board_changes.py. An entry is never deleted while its task exists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from uuid import UUID

from fixpoint.leaderboard.columns import Columns
from fixpoint.leaderboard.names import Names
from fixpoint.leaderboard.reading import ENTRY, NUMBER, RECIPE, ROWS_AT_A_TIME, SEEDS, TEAM, TITLE, changes, row_of


class Ledger:
    """`number` is the board's, up to which all is known; None before anything was read.

    `titles` are what teams call entries, by the ids of those that have one; never changed, but replaced by others.
    """

    def __init__(self, task_id: UUID) -> None:
        self.task_id = task_id
        self.number: int | None = None
        self.columns = Columns()
        self.names = Names()
        self.titles: Mapping[int, str] = {}
        self._texts: dict[str, int] = {}

    def advance(self, number: int) -> None:
        """Take in all changes up to this number at least; nothing is asked where they are known."""
        if self.number is not None and self.number >= number:
            return
        if self.number is None:
            self.columns, self.titles = Columns(), {}  # a reading that broke off may have left a part
        seen = self.number or 0
        found = iter(changes(self.task_id, self.number))
        while chunk := list(islice(found, ROWS_AT_A_TIME)):
            rows = [row_of(each, self.names.number(each[TEAM]), self.text(each[RECIPE]), self.text(each[SEEDS]))
                    for each in chunk]  # fmt: skip
            if self.number is None:
                self.columns.add(rows)
            else:
                self.names.age(self.columns.put(rows))
            self._name([(each[ENTRY].int, each[TITLE]) for each in chunk])
            seen = max(seen, *(each[NUMBER] for each in chunk))
        self.number = max(seen, number)

    def _name(self, told: Sequence[tuple[int, str]]) -> None:
        if changed := dict(each for each in told if self.titles.get(each[0], "") != each[1]):
            self.titles = {entry: title for entry, title in {**self.titles, **changed}.items() if title}

    def text(self, text: str) -> int:
        """The number of a text that many entries share, such as a recipe's digest."""
        return self._texts.setdefault(text, len(self._texts))
