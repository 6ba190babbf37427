"""The teams that stand on a board, with their names and members, each read again when it is a minute old."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import groupby
from math import inf
from operator import itemgetter
from time import monotonic
from uuid import UUID

from fixpoint.leaderboard.row import RankedTeam
from fixpoint.teams.models import Team

FRESH_SECONDS = 60.0
_AT_A_TIME = 10_000


class Names:
    """Numbers the teams that entered, from 0, in the order in which they are met."""

    def __init__(self) -> None:
        self._numbers: dict[UUID, int] = {}
        self._teams: list[RankedTeam] = []
        self._read: list[float] = []
        self._aged = 0

    def __len__(self) -> int:
        return len(self._teams)

    def number(self, team_id: UUID) -> int:
        """The number of this one; what else there is of it is read when it is shown."""
        number = self._numbers.setdefault(team_id, len(self._teams))
        if number == len(self._teams):
            self._teams.append(RankedTeam(team_id, ""))
            self._read.append(-inf)
        return number

    def known(self, team_id: UUID) -> int | None:
        """The number of this one; None for a team without an entry."""
        return self._numbers.get(team_id)

    def __getitem__(self, number: int) -> RankedTeam:
        """As it was read last."""
        return self._teams[number]

    def age(self, numbers: Iterable[int]) -> None:
        """Have these read again when they are shown next: entries have come to them from other teams."""
        self._aged += 1
        for number in numbers:
            self._read[number] = -inf

    def renew(self, numbers: Collection[int]) -> None:
        """Read teams again where one of these is old: all the old ones, in one statement."""
        now, aged = monotonic(), self._aged
        if not any(now - self._read[each] > FRESH_SECONDS for each in numbers):
            return
        old = [number for number, read in enumerate(self._read) if now - read > FRESH_SECONDS][:_AT_A_TIME]
        asked = {self._teams[each].id: each for each in (*numbers, *old)}
        people = Team.objects.filter(pk__in=asked).order_by("pk", "members__joined_at", "members__pk")
        rows = people.values_list("pk", "name", "members__user__username")
        for (team_id, name), each in groupby(rows.iterator(), key=itemgetter(0, 1)):
            number = asked[team_id]
            self._teams[number] = RankedTeam(team_id, name, tuple(user for *_, user in each if user))
            # What was read while others aged it may be of before: it is shown now, and read again the next time.
            self._read[number] = now if aged == self._aged else -inf
