"""Which hidden images the entries on a board got right: read once an entry, kept as long as it stands there."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from uuid import UUID

import numpy as np
import numpy.typing as npt

from fixpoint.submissions.models import Result

Right = npt.NDArray[np.uint8]

_AT_A_TIME = 5000
_SPARE = 1000


class UnfitBitsError(ValueError):
    """An entry's bits are not of as many seeds and images as its task's."""


class Answers:
    """By entries, as whole numbers; what a seed got right is a row of bits, as in `Result.correct`, and zeros."""

    def __init__(self) -> None:
        self._most = 0
        self._known: dict[int, bytes] = {}
        self._lock = Lock()

    def bits(self, entries: Sequence[int], *, seeds: int, images: int) -> Right:
        """Bytes [E, S, ceil(images / 8)]; UnfitBitsError where an entry has others."""
        with self._lock:
            self._most = max(self._most, len(entries))
            self._read([each for each in entries if each not in self._known])
            found = [self._known[each] for each in entries]
            self._forget()
        width = -(-images // 8)
        if any(len(each) != seeds * width for each in found):
            raise UnfitBitsError(f"an entry's bits are not {seeds} rows of {width} bytes")
        return np.frombuffer(b"".join(found), dtype=np.uint8).reshape(len(found), seeds, width)

    def _read(self, entries: Sequence[int]) -> None:
        for at in range(0, len(entries), _AT_A_TIME):
            asked = [UUID(int=each) for each in entries[at : at + _AT_A_TIME]]
            rows = Result.objects.filter(submission__in=asked).values_list("pk", "correct")
            self._known.update((entry.int, bytes(correct)) for entry, correct in rows.iterator())

    def _forget(self) -> None:
        """Whoever stands on the board no more was read long ago; who still does is read again, if it comes to that."""
        if len(self._known) > 2 * self._most + _SPARE:
            self._known = dict(list(self._known.items())[-self._most :])
