"""What does not work now, as every page tells it: kept by each process, so that pages need not ask for it.

Read again when it is a minute old, and at once in the process that changed it.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from time import monotonic

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from fixpoint.organizing.models import Incident

FRESH_SECONDS = 60.0


class _Kept:
    """Incidents that are open or planned, when they were asked for, and how often they were forgotten so far."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._found: tuple[float, list[Incident]] | None = None
        self._forgotten = 0

    def get(self) -> list[Incident]:
        with self._lock:
            found, forgotten = self._found, self._forgotten
        if found and monotonic() - found[0] < FRESH_SECONDS:
            return found[1]
        asked = monotonic()
        read = list(_open_or_planned())
        with self._lock:
            if forgotten == self._forgotten:  # else what was read may be of before the change
                self._found = asked, read
        return read

    def forget(self) -> None:
        with self._lock:
            self._found = None
            self._forgotten += 1


def _open_or_planned() -> QuerySet[Incident]:
    return Incident.objects.filter(ended_at=None, withdrawn_at=None)


_KEPT = _Kept()


def incidents_now() -> Sequence[Incident]:
    """The last one first; inside a transaction as that sees them, and not kept, for it may be undone."""
    found = _open_or_planned() if connection.in_atomic_block else _KEPT.get()
    now = timezone.now()
    return [incident for incident in found if incident.began_at <= now]


def banner_forget() -> None:
    """Something of it has changed: read it again for the next page."""
    _KEPT.forget()
