"""Rendered answers, kept for a minute: what a board's reader gets is made once, however many ask."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from time import monotonic


@dataclass(frozen=True)
class Rendered:
    """Bytes, their entity tag, and when they were made."""

    body: bytes
    etag: str
    made_at: float


class Shelf:
    """Keeps what was used last, within a number of bytes; safe among threads."""

    def __init__(self, *, most_bytes: int, fresh_seconds: float) -> None:
        self._most_bytes, self._fresh_seconds = most_bytes, fresh_seconds
        self._kept: OrderedDict[Hashable, Rendered] = OrderedDict()
        self._making: dict[Hashable, Lock] = {}
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], bytes]) -> Rendered:
        """What is kept under this key, or what `make` gives; who asks meanwhile waits instead of making it too."""
        if found := self._fresh(key):
            return found
        with self._lock:
            making = self._making.setdefault(key, Lock())
        try:
            with making:
                return self._fresh(key) or self._keep(key, rendered(make()))
        finally:
            with self._lock:
                self._making.pop(key, None)

    def _fresh(self, key: Hashable) -> Rendered | None:
        with self._lock:
            found = self._kept.get(key)
            if found is None or monotonic() - found.made_at > self._fresh_seconds:
                return None
            self._kept.move_to_end(key)
            return found

    def _keep(self, key: Hashable, made: Rendered) -> Rendered:
        with self._lock:
            before = self._kept.pop(key, None)
            self._bytes += len(made.body) - (len(before.body) if before else 0)
            self._kept[key] = made
            while self._bytes > self._most_bytes and self._kept:
                self._bytes -= len(self._kept.popitem(last=False)[1].body)
        return made


def rendered(body: bytes) -> Rendered:
    """With the tag of exactly these bytes."""
    return Rendered(body, f'"{sha256(body).hexdigest()[:32]}"', monotonic())
