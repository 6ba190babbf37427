"""All entries of a task as columns of numbers: a row an entry, far smaller than the rows of the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]

NEVER = np.iinfo(np.int64).max
"""The time of what has not happened."""
PER_KWH = 10**12
"""Whole parts of a kWh that energies are summed in."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HALF = 2**64 - 1

KINDS: dict[str, str] = {
    "id_high": "u8",
    "id_low": "u8",
    "team": "i4",  # its number in Names
    "told": "f8",  # shares of 1; NaN where there is none
    "own": "?",  # whether what is told is its own score, and not its team's best before it
    "public": "f8",
    "private": "f8",
    "spread": "f8",
    "spread_private": "f8",
    "hidden": "i4",
    "standardised": "f8",  # kWh
    "measured": "f8",
    "level": "i1",  # of M0 … M3; -1: not measured
    "band": "f8",  # of the measured energy, relative; NaN where it is not known
    "images": "i4",
    "created": "i8",  # microseconds since 1970, NEVER where it has not happened
    "ended": "i8",
    "withdrawn": "i8",
    "disqualified": "i8",
    "role": "i1",  # its number in ROLES
    "scored": "?",
    "chosen": "?",
    "rerun": "?",
    "recipe": "i4",  # numbers of texts, see reading.py
    "seeds": "i4",
    "spent": "i8",  # of all its attempts, as far as measured, in PER_KWH: sums are the same in any order
    "dataset": "u8",  # half of its id, which is drawn at random
    "ingestion": "i8",  # of reading it, at the first entry that counts; added below 0: does not count
}


class Columns:
    """Rows are only ever added or written over. Not safe among threads: its ledger sees to that."""

    def __init__(self) -> None:
        self.rows = 0
        self._datasets: Array = np.empty(0, dtype="u8")
        self._space = {name: np.empty(0, dtype=kind) for name, kind in KINDS.items()}

    def __getitem__(self, name: str) -> Array:
        """One column, without the room that is kept for more."""
        return self._space[name][: self.rows]

    @property
    def bytes(self) -> int:
        """What all columns take in memory."""
        return sum(each.nbytes for each in self._space.values())

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        """Rows that are new, in the order of KINDS."""
        if rows:
            self._grow(self.rows + len(rows))
            for name, values in zip(KINDS, zip(*rows, strict=True), strict=True):
                self._space[name][self.rows : self.rows + len(rows)] = values
            self.rows += len(rows)
            self._count_once(self.rows - len(rows))

    def put(self, rows: Iterable[Sequence[Any]]) -> set[int]:
        """Rows of which some are known already, by their id: these are written over, but for what never changes.

        Returns the teams to which entries have come from others.
        """
        fresh, grown = [], set()
        for row in rows:
            place = self.place(row[0], row[1])
            if place is None:
                fresh.append(row)
            else:
                if row[2] != self["team"][place]:
                    grown.add(row[2])
                for name, value in zip(KINDS, row, strict=True):
                    if name != "ingestion":
                        self._space[name][place] = value
        self.add(fresh)
        return grown

    def place(self, high: int, low: int) -> int | None:
        """Where the entry of this id stands."""
        for found in np.flatnonzero(self["id_low"] == np.uint64(low)):
            if self["id_high"][found] == np.uint64(high):
                return int(found)
        return None

    def _count_once(self, begin: int) -> None:
        """Leave reading a dataset to its first entry alone; they are kept sorted, so that a few more cost little."""
        ingestion, datasets = self["ingestion"][begin:], self["dataset"][begin:]
        counted = np.flatnonzero(ingestion >= 0)
        found, first = np.unique(datasets[counted], return_index=True)
        at = np.searchsorted(self._datasets, found)
        fresh = ~np.isin(found, self._datasets[at[at < len(self._datasets)]])
        kept = counted[first[fresh]]
        values = ingestion[kept].copy()
        ingestion[:] = 0
        ingestion[kept] = values
        self._datasets = np.insert(self._datasets, at[fresh], found[fresh])

    def _grow(self, rows: int) -> None:
        room = len(self._space["id_low"])
        if rows <= room:
            return
        # Half as much again, so that many single rows do not copy all of it each time.
        room = max(rows, room * 3 // 2, 64)
        for name, kind in KINDS.items():
            grown = np.empty(room, dtype=kind)
            grown[: self.rows] = self[name]
            self._space[name] = grown


def microseconds(moment: datetime | None) -> int:
    """Since 1970; NEVER for None."""
    return NEVER if moment is None else (moment - _EPOCH) // timedelta(microseconds=1)


def moment(count: int) -> datetime:
    """The other way."""
    return _EPOCH + timedelta(microseconds=int(count))


def halves(number: int) -> tuple[int, int]:
    """A UUID's 128 bits as two numbers, which sort as its text does."""
    return number >> 64, number & _HALF
