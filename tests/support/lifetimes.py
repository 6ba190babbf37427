"""How long a program was there, seen from the host and not from what watches it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from worker.sandbox.watch import Running, Watch, Watched

LOOK = 0.02


class Lifetime:
    """Looks for processes with `mark` in their command line while the `with` block runs; containers' are seen too."""

    def __init__(self, mark: str) -> None:
        self.most = 0
        """How many of them were there at once."""
        self._mark = mark.encode()
        self._first: float | None = None
        self._last = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    @property
    def last_seen(self) -> float:
        """On the monotonic clock."""
        return self._last

    @property
    def seconds(self) -> float:
        """Between the first and the last look that found it, on the monotonic clock."""
        assert self._first is not None, "it was never there"
        return max(0.0, self._last - self._first)

    def _look(self) -> None:
        while not self._done.wait(LOOK):
            begun = time.monotonic()
            found = len(living(self._mark))
            self.most = max(self.most, found)
            if found:
                # A look takes its time on a busy machine: what it found may have ended before the look did.
                self._last = begun
                self._first = self._first or time.monotonic()


@contextmanager
def watches_begun() -> Iterator[list[float]]:
    """When each watch over a program began, on the monotonic clock.

    Limits count from there, and an Engine may tell late that it has started a program.
    """
    begun, until_the_end = list[float](), Watch.until_the_end

    def note(watch: Watch, running: Running) -> Watched:
        begun.append(time.monotonic())
        return until_the_end(watch, running)

    with pytest.MonkeyPatch.context() as noting:
        noting.setattr(Watch, "until_the_end", note)
        yield begun


def living(mark: bytes) -> list[int]:
    """Numbers of the processes of this host whose command line holds `mark`."""
    return [
        int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit() and mark in _command(folder)
    ]


def _command(folder: Path) -> bytes:
    try:
        return (folder / "cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
