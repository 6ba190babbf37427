"""How many streams a process holds at once, in all and of one person."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

RETRY_SECONDS = 30
"""When to ask for a stream again; meanwhile the page asks by itself, as it did before there were streams."""


class NoPlaceError(Exception):
    """No stream more for now, for everybody (503) or for this person (429)."""

    def __init__(self, status: HTTPStatus, says: str) -> None:
        super().__init__(says)
        self.status = status


class Places:
    """Counted in the event loop alone, so that nothing needs a lock."""

    def __init__(self, *, most: int, most_of_one: int) -> None:
        self._most = most
        self._most_of_one = most_of_one
        self._taken: Counter[int] = Counter()

    def expect_any(self) -> None:
        """NoPlaceError where all places are taken: to be asked before the database is."""
        if self._taken.total() >= self._most:
            says = "Too many pages are being followed at the moment. This one asks by itself meanwhile.\n"
            raise NoPlaceError(HTTPStatus.SERVICE_UNAVAILABLE, says)

    @contextmanager
    def place_of(self, person: int) -> Iterator[None]:
        """A place as long as it is held. NoPlaceError where there is none."""
        self.expect_any()
        if self._taken[person] >= self._most_of_one:
            says = f"You follow {self._most_of_one} pages already. This one asks by itself meanwhile.\n"
            raise NoPlaceError(HTTPStatus.TOO_MANY_REQUESTS, says)
        self._taken[person] += 1
        try:
            yield
        finally:
            self._taken[person] -= 1
            self._taken += Counter()  # forgets whoever holds none
