"""One look a second for a whole process, whoever and however many watch which entries."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import DatabaseError

from fixpoint.submissions.events.looks import Look

log = logging.getLogger(__name__)

SECONDS = 1.0
"""Between two looks."""
Looking = Callable[[Collection[UUID]], Awaitable[dict[UUID, Look]]]


class Watch:
    """Looks as long as anybody watches, and wakes those whose entry has changed."""

    def __init__(self, looking: Looking, *, seconds: float = SECONDS) -> None:
        self._looking = looking
        self._seconds = seconds
        self._viewers: dict[UUID, set[asyncio.Event]] = {}
        self._looks: dict[UUID, Look] = {}
        self._task: asyncio.Task[None] | None = None

    def newest(self, entry: UUID) -> Look:
        """What was seen last of an entry that is watched."""
        return self._looks[entry]

    @contextmanager
    def viewing(self, entry: UUID, first: Look) -> Iterator[asyncio.Event]:
        """Within it the event is set whenever the entry has changed; `first` is what its viewer knows of it."""
        woken = asyncio.Event()
        self._viewers.setdefault(entry, set()).add(woken)
        self._looks.setdefault(entry, first)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look_on())
        try:
            yield woken
        finally:
            self._viewers[entry].discard(woken)
            if not self._viewers[entry]:
                del self._viewers[entry], self._looks[entry]

    async def _look_on(self) -> None:
        while self._viewers:
            try:
                self._take(await self._looking(list(self._viewers)))
            except DatabaseError as error:
                log.warning("Nothing could be seen of the entries that are watched: %s", error)
            await asyncio.sleep(self._seconds)

    def _take(self, looks: dict[UUID, Look]) -> None:
        for entry, look in looks.items():
            if entry in self._viewers and look != self._looks[entry]:
                self._looks[entry] = look
                for woken in self._viewers[entry]:
                    woken.set()
