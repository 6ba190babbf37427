"""One line of a board, and lists of them that are made only where somebody looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, overload
from uuid import UUID

from fixpoint.leaderboard.evidence import Marks

PAGE_ROWS = 100
"""Of a list, as pages and the JSON show it."""
Order = Literal["accuracy", "emissions", "measured"]
"""The lists that rank."""
MEMBERS_TOLD = 3
"""Of a team, in a line of a page."""


@dataclass(frozen=True)
class RankedTeam:
    """Who stands in a line: a team by its name, and the usernames of its members, who joined first comes first."""

    id: UUID
    name: str
    members: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name

    @property
    def is_person(self) -> bool:
        """Whether its name says already who it is."""
        return self.members in {(), (self.name,)}

    @property
    def told(self) -> tuple[str, ...]:
        """The members whom a line names."""
        return self.members[:MEMBERS_TOLD]

    @property
    def more(self) -> int:
        """Those whom it only counts."""
        return max(0, len(self.members) - MEMBERS_TOLD)


@dataclass(frozen=True)
class Row:
    """One entry on a board. Accuracies are shares of 1, with a 95 % interval; grams of CO2; `level` is M0 to M3.

    band: relative uncertainty of the measured figures at 95 %; None where it is not known.

    rank: from 1; by emissions entries may share one; of an unranked or late entry the place that it would take.
    movement: places gained by accuracy since midnight UTC; None where it was not there then.
    improvement: over the best baseline; None without one.
    shake_up: places gained from the public to the final scores; None while the task runs. `public_accuracy` is the one
    told while it ran; until then it is `accuracy` itself.
    entries, last_entry_at, team_kwh, team_grams: of its team; the latter two of all their runs, failed ones too.
    """

    rank: int
    entry_id: UUID
    team: RankedTeam
    role: str
    accuracy: float
    interval_low: float
    interval_high: float
    public_accuracy: float
    public_rank: int | None
    shake_up: int | None
    movement: int | None
    improvement: float | None
    grams_standardised: float
    standardised_kwh: float
    grams_measured: float | None
    kwh: float | None
    level: str
    band: float | None
    images: int
    entries: int
    entered_at: datetime
    last_entry_at: datetime
    team_kwh: float
    team_grams: float
    is_on_front: bool
    is_chosen: bool
    marks: Marks = field(repr=False, compare=False)

    @property
    def group(self) -> int | None:
        """The number, from 1, of its group of evidence."""
        return self.marks.group_of(self.entry_id)

    @property
    def is_tied(self) -> bool:
        """Whether the hidden images cannot tell it from its group's first."""
        return self.marks.is_tied(self.entry_id)

    @property
    def is_near_front(self) -> bool:
        """A mark only: a little more or less chance would put it on the front."""
        return self.marks.is_near_front(self.entry_id)


class Rows(Sequence[Row]):
    """Some rows in their order; each is made anew whenever it is asked for, so take a slice and keep it."""

    def __init__(self, count: int, make: Callable[[range], list[Row]]) -> None:
        self._count = count
        self._make = make

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> list[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | list[Row]:
        """One row, or a list of them."""
        found = range(self._count)[at]
        return self._make(found) if isinstance(found, range) else self._make(range(found, found + 1))[0]

    def __iter__(self) -> Iterator[Row]:
        """All of them at once: one look at the names."""
        return iter(self._make(range(self._count)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]
