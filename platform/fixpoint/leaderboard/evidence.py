"""Which entries of a board the hidden images cannot tell apart; worked out when somebody looks."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import cached_property
from uuid import UUID

import numpy as np

from fixpoint.leaderboard.answers import Answers, UnfitBitsError
from fixpoint.leaderboard.columns import Flags, Shares
from fixpoint.leaderboard.comparing import Comparing, comparing
from fixpoint.leaderboard.ranking import TOLERANCE

log = logging.getLogger(__name__)

_AT_FIRST = 16


class Evidence:
    """Of one board. `ranked`: entries by accuracy; `front`: those on the front, with their grams; both in order.

    An entry is the 128 bits of its id as a whole number: thousands of UUIDs cost more than the tests themselves.

    `among` [N] are the images by which the task ranks now; `seeds` is how many an entry has.
    """

    def __init__(
        self, answers: Answers, among: Flags, seeds: int, ranked: Sequence[int], front: dict[int, float]
    ) -> None:
        self._answers, self._among, self._seeds = answers, among, seeds
        self._ranked, self._front = ranked, front

    @cached_property
    def groups(self) -> dict[int, tuple[int, bool]]:
        """Of each ranked entry its group, from 1, and whether it is another than its first and tied with it."""
        if not self._ranked:
            return {}
        try:
            firsts = group_firsts(self._comparing(self._ranked), len(self._ranked))
        except UnfitBitsError as error:
            log.error("The board is shown without evidence: %s.", error)  # noqa: TRY400 where it was found says no more
            return {}
        begins = np.zeros(len(self._ranked), dtype=np.bool_)
        begins[firsts] = True
        return dict(zip(self._ranked, zip(begins.cumsum().tolist(), (~begins).tolist(), strict=True), strict=True))

    def near_front(self, entries: Sequence[int], grams: Shares) -> set[int]:
        """Those off the front that are within 1 % grams of one on it and cannot be told from it."""
        candidates = []
        on_front, of_front = list(self._front), np.array(list(self._front.values()))
        for entry, gram in zip(entries, grams.tolist(), strict=True):
            if entry not in self._front:
                begin = int(np.searchsorted(of_front, gram / (1 + TOLERANCE)))
                end = int(np.searchsorted(of_front, gram * (1 + TOLERANCE), side="right"))
                candidates += [(entry, on_front[at]) for at in range(begin, end)]
        return self._alike(candidates)

    def _alike(self, pairs: Sequence[tuple[int, int]]) -> set[int]:
        if not pairs or not self.groups:
            return set()
        places = {entry: at for at, entry in enumerate(dict.fromkeys(each for pair in pairs for each in pair))}
        tests = self._comparing(list(places))
        return {
            one for one, other in pairs if tests.first_distinct(places[one], places[other], places[other] + 1) is None
        }

    def _comparing(self, entries: Sequence[int]) -> Comparing:
        return comparing(self._answers.bits(entries, seeds=self._seeds, images=len(self._among)), self._among)


class Marks:
    """What the evidence says of entries that are shown together."""

    def __init__(self, evidence: Evidence, entries: Sequence[int], grams: Shares) -> None:
        self._evidence, self._entries, self._grams = evidence, entries, grams

    def group_of(self, entry: UUID) -> int | None:
        """The number, from 1, of the group of entries that cannot be told from its first; None for unranked ones."""
        return self._evidence.groups.get(entry.int, (None, False))[0]

    def is_tied(self, entry: UUID) -> bool:
        """Whether it cannot be told from its group's first; False for that first itself."""
        return self._evidence.groups.get(entry.int, (None, False))[1]

    def is_near_front(self, entry: UUID) -> bool:
        """Whether it is off the front by so little that chance may have done it."""
        return entry.int in self._near

    @cached_property
    def _near(self) -> set[int]:
        return self._evidence.near_front(self._entries, self._grams)


def group_firsts(tests: Comparing, entries: int) -> list[int]:
    """Where groups begin: down the ranking, each entry that can be told from its group's first begins the next one."""
    firsts: list[int] = []
    following: int | None = 0 if entries else None
    while following is not None:
        firsts.append(following)
        begin, step, following = following + 1, _AT_FIRST, None
        while begin < entries and following is None:
            end = min(entries, begin + step)
            following = tests.first_distinct(firsts[-1], begin, end)
            begin, step = end, step * 4
    return firsts
