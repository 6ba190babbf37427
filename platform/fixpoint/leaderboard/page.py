"""One page of a board: the rows that it shows, and all that its templates ask beside them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Literal
from uuid import UUID

from fixpoint.accounts.models import User
from fixpoint.leaderboard.board import Board
from fixpoint.leaderboard.row import Row
from fixpoint.leaderboard.selectors import Order

Choice = Literal["accuracy", "emissions", "measured", "both"]
CHOICES: tuple[Choice, ...] = ("accuracy", "emissions", "measured", "both")
ROWS = 100
"""Of one page; beside it at most so many of the front, of what stands apart, and of the late ones."""


class BoardPage:
    """The page `number`, from 1, of a board in the order that was chosen; the nearest one where there is no such."""

    def __init__(self, board: Board, choice: Choice, number: int) -> None:
        self.board, self.choice = board, choice
        self.order: Order = "accuracy" if choice == "both" else choice
        self.tab = "emissions" if choice == "measured" else choice
        self.total = 0 if choice == "both" else len(self._listed)
        self.count = max(1, -(-self.total // ROWS))
        self.number = min(max(number, 1), self.count)
        self.query = f"order={choice}&"
        self.is_over = board.rules.is_over
        self.is_rounded = not self.is_over
        self.shows_public = self.is_over and board.rules.has_private

    @cached_property
    def rows(self) -> list[Row]:
        """Of this page; none on the page of both aims, whose table is the front."""
        start = (self.number - 1) * ROWS
        return list(self._listed[start : min(start + ROWS, self.total)])

    @cached_property
    def front(self) -> list[Row]:
        """By rising grams."""
        return self.board.front[:ROWS]

    @cached_property
    def apart(self) -> list[Row]:
        """Baselines and references."""
        return self.board.apart[:ROWS]

    @cached_property
    def late(self) -> list[Row]:
        """After the close."""
        return self.board.late[:ROWS]

    @cached_property
    def greenest(self) -> set[UUID]:
        """Entries with that title."""
        return {row.entry_id for row in self.board.greenest}

    @property
    def front_is_cut(self) -> bool:
        """Whether more stand on the front than are listed."""
        return len(self.board.front) > ROWS

    @property
    def drawn(self) -> list[Row]:
        """What the picture shows, each once: on the page of both aims the most accurate ones, else the page's rows."""
        rows = self.board.accuracy[:ROWS] if self.choice == "both" else self.rows
        return list({row.entry_id: row for row in (*self.apart, *rows, *self.front)}.values())

    @property
    def _listed(self) -> Sequence[Row]:
        found: Sequence[Row] = getattr(self.board, self.order)
        return found


class Own:
    """Where somebody stands by accuracy, and on which page."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.page = (row.rank - 1) // ROWS + 1


def own(board: Board, user: User) -> Own | None:
    """None for somebody who has no line."""
    row = board.row_of_owner(user.pk)
    return None if row is None else Own(row)
