"""A task's board at one moment: every list of it, made into rows where they are asked for."""

from __future__ import annotations

from uuid import UUID

import numpy as np

from fixpoint.leaderboard.columns import Indices, Shares
from fixpoint.leaderboard.evidence import Evidence
from fixpoint.leaderboard.making import Making
from fixpoint.leaderboard.row import Order, Row, Rows
from fixpoint.leaderboard.rules import Rules


class Board:
    """Nothing of it changes any more: it holds its own copy of what it shows.

    accuracy: one row a team, by accuracy. emissions: the same by standardised grams, above the floor; measured: in
    the order of measured grams, unmeasured ones last. front: all that none dominates, by rising grams. apart: baselines
    and references. late: the best of each team after the close. left_out: scored by another recipe or other seeds.
    """

    def __init__(self, number: int, rules: Rules, making: Making, evidence: Evidence) -> None:
        self.number, self.rules, self._making, self._evidence = number, rules, making, evidence
        found = making.found
        self.left_out = found.left_out
        self.baseline = None if np.isnan(found.baseline) else found.baseline
        self.accuracy = self._rows(found.accuracy)
        self.emissions = self._rows(found.emissions, found.emissions_ranks)
        order = making.by_measured(found.emissions)
        self.measured = self._rows(found.emissions[order], found.emissions_ranks[order])
        self._listed = {
            "accuracy": found.accuracy,
            "emissions": found.emissions,
            "measured": found.emissions[order],
        }
        self.front = self._rows(found.front)
        self.apart = self._rows(found.apart, found.apart_places)
        self.late = self._rows(found.late, found.late_places)
        self._greenest = int((found.emissions_ranks == 1).sum())

    @property
    def most_accurate(self) -> Row | None:
        """Holds the title of best accuracy."""
        return self.accuracy[0] if self.accuracy else None

    @property
    def greenest(self) -> list[Row]:
        """Hold the title of the greenest above the floor: all that share the first rank."""
        return self.emissions[: self._greenest]

    @property
    def entry_ids(self) -> set[UUID]:
        """All that stands in one of its lists."""
        return {UUID(int=each) for each in self._making.entries()}

    def title_of(self, entry_id: UUID) -> str:
        """What its team calls an entry of this task; empty where it gave it no title."""
        return self._making.titles.get(entry_id.int, "")

    @property
    def green_grams(self) -> Shares:
        """Standardised grams of all who are ranked by emissions, in their order."""
        return self._making.grams(self._making.found.emissions)

    def place_of_team(self, team_id: UUID, order: Order = "accuracy") -> int | None:
        """Where, from 0, a team stands in one of the lists."""
        return self._making.place_of(team_id, self._listed[order])

    def row_of_team(self, team_id: UUID, order: Order = "accuracy") -> Row | None:
        """A team's row in one of the lists that rank."""
        place = self.place_of_team(team_id, order)
        rows: Rows = getattr(self, order)
        return None if place is None else rows[place]

    def _rows(self, rows: Indices, ranks: Indices | None = None) -> Rows:
        shown = np.arange(1, len(rows) + 1) if ranks is None else ranks

        def make(asked: range) -> list[Row]:
            at = np.arange(asked.start, asked.stop, asked.step)
            return self._making.rows(rows[at], shown[at], self._evidence)

        return Rows(len(rows), make)
