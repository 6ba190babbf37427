"""A file that lies elsewhere, read in pieces as they are wanted: constant memory, no copy on the disk."""

import io
from collections.abc import Callable

from fixpoint.blobs.away import StoreAwayError

FIRST_BYTES = 2**17
"""A small blob, or the head of a large one and the places of its parts, come with the first question."""
MOST_BYTES = 2**22
_JUMP_BYTES = 2**16

Fetch = Callable[[int, int], tuple[bytes, int]]
"""The bytes from an offset on, as many as asked for or as there are, and the size of the whole."""


class Ranged(io.RawIOBase):
    """Read on, it asks for ever larger pieces; after a jump for a small one. What `fetch` raises comes through."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._piece, self._size = fetch(0, FIRST_BYTES)
        self._start, self._at, self._ahead = 0, 0, FIRST_BYTES

    def readable(self) -> bool:
        """It is for reading only."""
        return True

    def seekable(self) -> bool:
        """A jump costs nothing until something is read."""
        return True

    def tell(self) -> int:
        """The offset of what is read next."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """As in any file."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("No file has bytes before its beginning.")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # io hands in a memoryview
        """What is at hand, at least a byte unless it is the end."""
        if self._at >= self._size:
            return 0
        if not self._start <= self._at < self._start + len(self._piece):
            self._load()
        begin = self._at - self._start
        found = memoryview(self._piece)[begin : begin + len(buffer)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)

    def _load(self) -> None:
        is_next = self._at == self._start + len(self._piece)
        self._ahead = min(self._ahead * 2, MOST_BYTES) if is_next else _JUMP_BYTES
        self._piece = b""  # one piece in memory, not two
        self._start = self._at
        self._piece, _ = self._fetch(self._at, self._ahead)
        if not self._piece:
            raise StoreAwayError(f"The store ended at {self._at} of {self._size} bytes.")
