"""The board's rules once more, in plain Python, a sentence a line, however slow: what the fast one is held against."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fixpoint.leaderboard.rules import Rules


@dataclass(frozen=True)
class Entry:
    """One submission with its result; times are microseconds, None where it has not happened."""

    id: UUID
    team: int
    told: float | None
    is_own: bool
    public: float | None
    private: float | None
    kwh: float | None
    measured: float | None
    created: int
    ended: int
    withdrawn: int | None
    disqualified: int | None
    role: str
    is_chosen: bool
    is_rerun: bool
    recipe: str
    seeds: tuple[int, ...]
    spent: float
    dataset: UUID
    ingestion: float

    @property
    def is_scored(self) -> bool:
        return self.told is not None


Key = Callable[[Entry], tuple[Any, ...]]


class NaiveBoard:
    """What stands where."""

    def __init__(self, entries: list[Entry], rules: Rules) -> None:
        self._all, self._rules = entries, rules
        standing = [each for each in entries if self._is_comparable(each) and not each.is_rerun]
        valid = [each for each in standing if each.withdrawn is None and each.disqualified is None]
        in_time = [each for each in valid if each.created < rules.closes]
        self.entered = [each for each in in_time if each.role == "participant"]
        self.mine = [each for each in self.entered if each.is_own or rules.is_over]
        self.accuracy = self._best_of_teams(self._settled(self._counted(self.mine)), self._by_accuracy)
        green = [each for each in self._counted(self.mine) if self.score(each) >= rules.floor]
        self.emissions = self._grouped(self._best_of_teams(green, self._by_grams))
        self.able = [each for each in self.mine if self.score(each) >= rules.floor]
        self.front = sorted(
            (one for one in self.able if not any(self._dominates(other, one) for other in self.able)),
            key=self._by_grams,
        )
        others = sorted((each for each in in_time if each.role != "participant"), key=self._by_accuracy)
        self.apart = [(each, self._place(each)) for each in others]
        after = [each for each in valid if each.role == "participant" and each.created >= rules.closes]
        self.late = [(each, self._place(each)) for each in self._best_of_teams(after, self._by_accuracy)]
        self.baseline = max((self.score(each) for each in in_time if each.role == "baseline"), default=None)
        self.left_out = sum(
            1 for each in entries if each.is_scored and not each.is_rerun and not self._is_comparable(each)
        )
        self._standing = standing

    def score(self, entry: Entry) -> float:
        if not self._rules.is_over:
            assert entry.told is not None
            return entry.told
        found = entry.public if entry.private is None else entry.private
        assert found is not None
        return found

    def grams(self, entry: Entry) -> float:
        assert entry.kwh is not None
        return entry.kwh * self._rules.grams_per_kwh

    def movement(self, team: int) -> int | None:
        """Places gained since midnight, by the scores of now."""
        then = [
            each
            for each in self._standing
            if each.role == "participant" and (each.is_own or self._rules.is_over)
            and each.created < self._rules.closes and each.ended < self._rules.midnight
            and (each.withdrawn is None or each.withdrawn >= self._rules.midnight)
            and (each.disqualified is None or each.disqualified >= self._rules.midnight)
        ]  # fmt: skip
        before = self._best_of_teams(self._settled(self._counted(then)), self._by_accuracy)
        return self._gained(team, before)

    def shake_up(self, team: int) -> int | None:
        """Places gained from the told scores to the final ones."""
        told = self._best_told(self._counted(self.mine))
        return self._gained(team, told) if self._rules.is_over else None

    def spent(self, team: int) -> float:
        own = [each for each in self._all if each.team == team and not each.is_rerun and each.role == "participant"]
        return sum(each.spent for each in own) + sum({each.dataset: each.ingestion for each in own}.values())

    def _gained(self, team: int, before: list[Entry]) -> int | None:
        was = next((place for place, each in enumerate(before) if each.team == team), None)
        now = next(place for place, each in enumerate(self.accuracy) if each.team == team)
        return None if was is None else was - now

    def _is_comparable(self, entry: Entry) -> bool:
        return entry.is_scored and entry.recipe == self._rules.recipe_digest and entry.seeds == self._rules.seeds

    def _counted(self, entries: list[Entry]) -> list[Entry]:
        if not self._rules.by_choice:
            return entries
        choosers = {each.team for each in entries if each.is_chosen}
        return [each for each in entries if each.is_chosen or each.team not in choosers]

    def _settled(self, entries: list[Entry]) -> list[Entry]:
        """Where private scores decide: of who chose all chosen ones, of all others the one that was told to be best."""
        if not (self._rules.is_over and self._rules.has_private):
            return entries
        chosen = [each for each in entries if each.is_chosen] if self._rules.by_choice else []
        return chosen + [each for each in self._best_told(entries) if each not in chosen]

    def _best_told(self, entries: list[Entry]) -> list[Entry]:
        own = [each for each in entries if each.is_own]
        return self._best_of_teams(own, lambda each: (-(each.told or 0.0), *self._age(each)))

    def _best_of_teams(self, entries: Iterable[Entry], key: Key) -> list[Entry]:
        best: dict[int, Entry] = {}
        for each in entries:
            if each.team not in best or key(each) < key(best[each.team]):
                best[each.team] = each
        return sorted(best.values(), key=key)

    def _grouped(self, entries: list[Entry]) -> list[tuple[Entry, int]]:
        groups: list[list[Entry]] = []
        for each in entries:
            if groups and self.grams(each) <= self.grams(groups[-1][0]) * 1.01:
                groups[-1].append(each)
            else:
                groups.append([each])
        found: list[tuple[Entry, int]] = []
        for group in groups:
            rank = len(found) + 1
            found += [(each, rank) for each in sorted(group, key=self._by_accuracy)]
        return found

    def _dominates(self, one: Entry, other: Entry) -> bool:
        no_worse = self.score(one) >= self.score(other) and self.grams(one) <= self.grams(other)
        return no_worse and (self.score(one) > self.score(other) or self.grams(one) < self.grams(other))

    def _place(self, entry: Entry) -> int:
        return 1 + sum(self._by_accuracy(each) < self._by_accuracy(entry) for each in self.accuracy)

    def _by_accuracy(self, entry: Entry) -> tuple[Any, ...]:
        return (-self.score(entry), *self._age(entry))

    def _by_grams(self, entry: Entry) -> tuple[Any, ...]:
        return (self.grams(entry), *self._by_accuracy(entry))

    def _age(self, entry: Entry) -> tuple[int, str]:
        return entry.created, str(entry.id)
