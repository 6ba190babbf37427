"""One page of a board: the rows that it shows, and all that its templates ask beside them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Literal
from uuid import UUID

from django.template.loader import render_to_string

from fixpoint.leaderboard.apart_names import named_apart
from fixpoint.leaderboard.board import Board
from fixpoint.leaderboard.models import Revision
from fixpoint.leaderboard.ranking import places_by_grams
from fixpoint.leaderboard.revisions import FrozenBoard, frozen_board
from fixpoint.leaderboard.row import PAGE_ROWS, Order, Row
from fixpoint.leaderboard.selectors import board, board_shown
from fixpoint.tasks.models import Task

Choice = Literal["accuracy", "emissions", "measured", "both"]
CHOICES: tuple[Choice, ...] = ("accuracy", "emissions", "measured", "both")


Show = Literal["all", "mine", "baselines", "late"]
SHOWS: tuple[Show, ...] = ("all", "mine", "baselines", "late")


class NoPageError(LookupError):
    """The list that was chosen has no such page."""


class BoardPage:
    """The page `number`, from 1, of a board in the order that was chosen. NoPageError past the last one.

    `asked` is the revision that the address names, if any. Late entries are live ones also where the rest is frozen.
    """

    def __init__(self, task: Task, asked: Revision | None, choice: Choice, number: int) -> None:
        self.choice, self.number = choice, number
        self._live = board(task)
        self.board: Board | FrozenBoard = frozen_board(asked) if asked else board_shown(task)
        self.order: Order = "accuracy" if choice == "both" else choice
        self.tab = "emissions" if choice == "measured" else choice
        self.total = 0 if choice == "both" else len(self._listed)
        self.count = max(1, -(-self.total // PAGE_ROWS))
        if not 1 <= number <= self.count:
            raise NoPageError
        self.revision = f"&revision={asked.number}" if asked else ""
        self.query = f"order={choice}{self.revision}&"
        self._floor = task.accuracy_floor
        self.is_over = task.phase == Task.Status.CLOSED
        self.shows_public = self.is_over and task.public_share < 1
        self._late = self._live.late if self.is_over else []

    @cached_property
    def rows(self) -> Sequence[Row]:
        """Of this page; none on the page of both aims, whose table is the front."""
        start = (self.number - 1) * PAGE_ROWS
        return self._listed[start : min(start + PAGE_ROWS, self.total)]

    @cached_property
    def front(self) -> Sequence[Row]:
        """By rising grams."""
        return self.board.front[:PAGE_ROWS]

    @cached_property
    def apart(self) -> Sequence[Row]:
        """Baselines and references."""
        return self.board.apart[:PAGE_ROWS]

    @cached_property
    def apart_named(self) -> Sequence[tuple[Row, str, int | None]]:
        """The same by what the page ranks by, each with what the organizers called it and the place it would take.

        By emissions there is none for what is below the floor.
        """
        named = named_apart(self.apart)
        if self.tab != "emissions":
            return [(row, name, row.rank) for row, name in named]
        places = places_by_grams([row.grams_standardised for row in self.apart], self.board.green_grams)
        found = [
            (row, name, place if row.accuracy >= self._floor else None)
            for (row, name), place in zip(named, places, strict=True)
        ]
        return sorted(found, key=lambda each: (each[2] is None, each[0].grams_standardised))

    @cached_property
    def late(self) -> Sequence[Row]:
        """After the close."""
        return self._late[:PAGE_ROWS]

    @cached_property
    def most_accurate(self) -> UUID | None:
        """The entry with that title."""
        best = self.board.most_accurate
        return best.entry_id if best else None

    def title_of(self, entry_id: UUID) -> str:
        """What its team calls an entry now, of frozen standings too; empty where it gave it no title."""
        return self._live.title_of(entry_id)

    @cached_property
    def greenest(self) -> set[UUID]:
        """Entries with that title."""
        return {row.entry_id for row in self.board.greenest}

    @cached_property
    def has_baseline(self) -> bool:
        """Whether accuracies are compared with one."""
        return self.board.baseline is not None

    @property
    def front_is_cut(self) -> bool:
        """Whether more stand on the front than are listed."""
        return len(self.board.front) > PAGE_ROWS

    @property
    def drawn(self) -> list[Row]:
        """What the picture shows, each once: on the page of both aims the most accurate ones, else the page's rows."""
        rows = self.board.accuracy[:PAGE_ROWS] if self.choice == "both" else self.rows
        return list({row.entry_id: row for row in (*self.apart, *rows, *self.front)}.values())

    @property
    def drawn_by_grams(self) -> list[Row]:
        """The same as a list."""
        return sorted(self.drawn, key=lambda row: row.grams_standardised)

    @property
    def _listed(self) -> Sequence[Row]:
        found: Sequence[Row] = getattr(self.board, self.order)
        return found


class Own:
    """Where a team stands by accuracy and by emissions, and on which page of each list."""

    def __init__(self, shown: Board | FrozenBoard, team_id: UUID, green_order: Order) -> None:
        self.row, self.green = shown.row_of_team(team_id), shown.row_of_team(team_id, green_order)
        self.page = _page_of(shown.place_of_team(team_id))
        self.green_page = _page_of(shown.place_of_team(team_id, green_order))


def own(page: BoardPage, team_id: UUID) -> Own | None:
    """None for a team that has no line."""
    found = Own(page.board, team_id, "emissions" if page.order == "accuracy" else page.order)
    return found if found.row or found.green else None


def _page_of(place: int | None) -> int:
    return (place or 0) // PAGE_ROWS + 1


def marked(listed: str, team_id: UUID | None) -> str:
    """The lists, which are rendered once for all, with this team's lines marked (templates/leaderboard/team.html)."""
    mark = render_to_string("leaderboard/own.html") if team_id else ""
    return listed.replace(f"<!--team {team_id}-->", mark)
