"""The names of those who stand on a board, each read again when it is a minute old."""

from __future__ import annotations

from collections.abc import Collection
from time import monotonic

from fixpoint.accounts.models import User

FRESH_SECONDS = 60.0
_AT_A_TIME = 10_000


class Names:
    """Numbers those who entered, from 0, in the order in which they are met."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self._users: list[User] = []
        self._read: list[float] = []

    def __len__(self) -> int:
        return len(self._users)

    def number(self, user_id: int, name: str) -> int:
        """The number of this one, whose name was read just now."""
        number = self._numbers.setdefault(user_id, len(self._users))
        if number == len(self._users):
            self._users.append(User(pk=user_id, username=name))
            self._read.append(monotonic())
        else:
            self._rename(number, name)
        return number

    def known(self, user_id: int) -> int | None:
        """The number of this one; None for somebody without an entry."""
        return self._numbers.get(user_id)

    def __getitem__(self, number: int) -> User:
        """Id and name only: nothing else of it is filled in."""
        return self._users[number]

    def renew(self, numbers: Collection[int]) -> None:
        """Read names again where one of these is old: all the old ones, in one statement."""
        now = monotonic()
        if not any(now - self._read[each] > FRESH_SECONDS for each in numbers):
            return
        old = [number for number, read in enumerate(self._read) if now - read > FRESH_SECONDS][:_AT_A_TIME]
        asked = {self._users[each].pk: each for each in (*numbers, *old)}
        for user_id, name in User.objects.filter(pk__in=asked).values_list("pk", "username"):
            self._rename(asked[user_id], name)

    def _rename(self, number: int, name: str) -> None:
        if self._users[number].username != name:
            self._users[number] = User(pk=self._users[number].pk, username=name)
        self._read[number] = monotonic()
