"""From row numbers to rows: each with all that a page tells of an entry."""

from __future__ import annotations

from math import isnan
from uuid import UUID

import numpy as np

from fixpoint.leaderboard.columns import Array, Indices, Shares, moment
from fixpoint.leaderboard.evidence import Evidence, Marks
from fixpoint.leaderboard.interval import Interval, wilson, with_seeds
from fixpoint.leaderboard.ledger import Ledger
from fixpoint.leaderboard.reading import LEVELS, ROLES
from fixpoint.leaderboard.row import Row
from fixpoint.leaderboard.rules import Rules
from fixpoint.leaderboard.standing import Standing

_SHOWN = ("id_high", "id_low", "team", "told", "spread", "spread_private", "hidden", "standardised", "measured",
          "level", "band", "images", "created", "role", "chosen")  # fmt: skip


class Making:
    """Holds copies of the columns for the rows that are shown, and the facts of teams.

    `images` is how many hidden images the scores are of; None where they are of all.
    """

    def __init__(self, ledger: Ledger, rules: Rules, found: Standing, images: int | None) -> None:
        self.found, self._rules, self._names, self._images = found, rules, ledger.names, images
        self.titles = ledger.titles
        lists = (found.accuracy, found.emissions, found.front, found.apart, found.late)
        self._rows = np.unique(np.concatenate(lists))
        self._columns: dict[str, Array] = {name: ledger.columns[name][self._rows] for name in _SHOWN}
        self._columns["score"] = found.scores[self._rows]
        self._columns["front"] = np.isin(self._rows, found.front)
        teams = ledger.columns["team"]
        self._ranks = np.zeros(len(found.entries), dtype=np.int64)
        self._ranks[teams[found.accuracy]] = np.arange(1, len(found.accuracy) + 1)

    def by_measured(self, rows: Indices) -> Indices:
        """Sorts rows by measured energy; what was not measured comes last."""
        measured: Array = self._columns["measured"][self._at(rows)]
        return np.argsort(measured, kind="stable")  # NaN sorts last

    def entries(self, rows: Indices | None = None) -> list[int]:
        """The ids of these rows, or of all that are shown, as whole numbers."""
        at = slice(None) if rows is None else self._at(rows)
        pairs = zip(self._columns["id_high"][at].tolist(), self._columns["id_low"][at].tolist(), strict=True)
        return [high << 64 | low for high, low in pairs]

    def grams(self, rows: Indices) -> Shares:
        """Standardised."""
        found: Shares = self._columns["standardised"][self._at(rows)] * self._rules.grams_per_kwh
        return found

    def place_of(self, team_id: UUID, rows: Indices) -> int | None:
        """Where, from 0, the first of these rows is that is this team's."""
        team = self._names.known(team_id)
        if team is None:
            return None
        found = np.flatnonzero(self._columns["team"][self._at(rows)] == team)
        return int(found[0]) if len(found) else None

    def rows(self, rows: Indices, ranks: Indices, evidence: Evidence) -> list[Row]:
        """Rows as they are shown, with these ranks."""
        at = self._at(rows)
        self._names.renew(set(self._columns["team"][at].tolist()))
        entries = self.entries(rows)
        values = {name: column[at].tolist() for name, column in self._columns.items()}
        marks = Marks(evidence, entries, self.grams(rows))
        return [
            self._row(int(rank), UUID(int=entry), {name: value[number] for name, value in values.items()}, marks)
            for number, (rank, entry) in enumerate(zip(ranks, entries, strict=True))
        ]

    def _at(self, rows: Indices) -> Indices:
        return np.searchsorted(self._rows, rows)

    def _row(self, rank: int, entry: UUID, value: dict[str, float], marks: Marks) -> Row:
        team, found, rules = int(value["team"]), self.found, self._rules
        interval = self._interval(value)
        now, before, public = (int(ranks[team]) for ranks in (self._ranks, found.before, found.public))
        baseline, kwh = found.baseline, _known(value["measured"])
        ranked = bool(now) and ROLES[int(value["role"])] == "participant"
        return Row(
            rank=rank,
            entry_id=entry,
            team=self._names[team],
            role=ROLES[int(value["role"])],
            accuracy=value["score"],
            interval_low=interval.low,
            interval_high=interval.high,
            public_accuracy=value["told"],
            public_rank=(public or None) if ranked else None,
            shake_up=public - now if ranked and public and rules.is_over else None,
            movement=before - now if ranked and before else None,
            improvement=None if isnan(baseline) else value["score"] - baseline,
            grams_standardised=value["standardised"] * rules.grams_per_kwh,
            standardised_kwh=value["standardised"],
            grams_measured=None if kwh is None else kwh * rules.grams_per_kwh,
            kwh=kwh,
            level=LEVELS[int(value["level"])] if value["level"] >= 0 else "",
            band=_known(value["band"]),
            images=int(value["images"]),
            entries=int(found.entries[team]),
            entered_at=moment(int(value["created"])),
            last_entry_at=moment(int(found.last[team] or value["created"])),
            team_kwh=float(found.spent[team]),
            team_grams=float(found.spent[team]) * rules.grams_per_kwh,
            is_on_front=bool(value["front"]),
            is_chosen=bool(value["chosen"]),
            marks=marks,
        )

    def _interval(self, value: dict[str, float]) -> Interval:
        images = self._images or int(value["hidden"])
        seeds = len(self._rules.seeds)
        # Where the told score is guarded the spread would tell more (submissions/revealing.py).
        if seeds < 2 or (not self._rules.is_over and self._rules.is_guarded(seeds * images)):
            return wilson(value["score"], images)
        spread = value["spread_private" if self._rules.is_over and self._rules.has_private else "spread"]
        return with_seeds(value["score"], images, seeds, _known(spread) or 0.0)


def _known(value: float) -> float | None:
    return None if isnan(value) else value
