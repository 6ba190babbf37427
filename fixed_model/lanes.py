"""Pieces of work over several processes, their results in order: forks of this one that draw the next piece each.

What is here needs no semaphore and no shared memory, which a sandbox does not give: pipes do.
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import multiprocessing
import os
import struct
import sys
from collections.abc import Callable, Generator, Iterator
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Generic, TypeVar

from fixed_model.children import belong_to_parent, exit_of

Result = TypeVar("Result")
NUMBER = struct.Struct("<I")
MOST = 1024
"""Pieces at most: their numbers are written to a pipe before anybody reads it, and a page fits into every pipe."""

WIDE = 2**20
"""Bytes of a pipe: what Linux grants to anybody."""


class LostError(Exception):
    """A process ended before its work was done; `status` is its exit code, negative for a signal."""

    def __init__(self, status: int) -> None:
        super().__init__(f"a process that reads images ended with status {status}")
        self.status = status


class Work(Generic[Result]):
    """What is done: `pieces` of it, `do` one by its number; a process of its own calls `prepare` first."""

    def __init__(self, pieces: int, do: Callable[[int], Result], prepare: Callable[[], None]) -> None:
        if pieces > MOST:
            raise ValueError(f"{pieces:,} pieces of work are more than {MOST:,}")
        self.pieces, self.do, self.prepare = pieces, do, prepare

    def results(self, lanes: int) -> Iterator[Result]:
        """In the order of the pieces, whoever did them. Raises what a piece raised for want of memory, or LostError."""
        if min(lanes, self.pieces) < 2 or sys.platform != "linux":
            yield from map(self.do, range(self.pieces))
            return
        early: dict[int, Result] = {}
        following = 0
        with contextlib.closing(self._unordered(min(lanes, self.pieces))) as finished:
            for number, result in finished:
                early[number] = result
                while following in early:
                    yield early.pop(following)
                    following += 1

    def _unordered(self, lanes: int) -> Generator[tuple[int, Result]]:
        numbers = pipe_of(range(self.pieces))
        running: dict[Connection, BaseProcess] = {}
        try:
            gc.freeze()  # or every process would copy the pages of what is only looked at
            while len(running) < lanes:
                here, there = multiprocessing.Pipe(duplex=False)
                widen(there)
                life = (numbers, there, [here, *running])
                running[here] = multiprocessing.get_context("fork").Process(target=self._live, args=life, daemon=True)
                running[here].start()
                there.close()
            yield from gather(running)
        finally:
            gc.unfreeze()
            os.close(numbers)
            for process in running.values():
                process.kill()
                process.join()

    def _live(self, numbers: int, parent: Connection, inherited: list[Connection]) -> None:
        for other in inherited:
            other.close()
        belong_to_parent()
        self.prepare()
        try:
            while drawn := os.read(numbers, NUMBER.size):  # the kernel gives each number to one reader, whole
                (number,) = NUMBER.unpack(drawn)
                parent.send((number, self.do(number)))
            parent.send(None)
        except MemoryError as error:
            parent.send(error)


def widen(end: Connection) -> None:
    """Let a pipe hold a whole result, so that who sends it need not wait for who reads it; if the kernel grants it."""
    with contextlib.suppress(OSError):
        fcntl.fcntl(end.fileno(), fcntl.F_SETPIPE_SZ, WIDE)


def pipe_of(numbers: range) -> int:
    """The reading end of a pipe that holds these numbers and nothing after them."""
    reader, writer = os.pipe()
    with os.fdopen(writer, "wb") as file:
        file.write(b"".join(NUMBER.pack(number) for number in numbers))
    return reader


def gather(running: dict[Connection, BaseProcess]) -> Iterator[tuple[int, Result]]:
    """Results as they come, until every process has said that there is no more."""
    while running:
        for ready in wait(list(running)):
            assert isinstance(ready, Connection)  # noqa: S101 - for the types: nothing else is waited for
            try:
                said = ready.recv()
            except (EOFError, OSError):
                raise LostError(exit_of(running[ready])) from None
            if isinstance(said, MemoryError):
                raise said
            if said is None:
                running.pop(ready).join()
            else:
                yield said
