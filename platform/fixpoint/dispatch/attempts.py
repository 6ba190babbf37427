"""An attempt's row: found, locked, renewed, ended; and who may speak of it."""

from datetime import timedelta
from functools import cache
from uuid import UUID

from django.conf import settings
from django.db import DataError, InterfaceError, OperationalError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from fixpoint.blobs.away import StoreAwayError
from fixpoint.dispatch.deliveries import DeliveryError, deliveries_discard
from fixpoint.dispatch.errors import FencedError
from fixpoint.dispatch.models import Attempt
from fixpoint.dispatch.tokens import hash_of, is_key
from fixpoint.statements.asking import Later
from fixpoint.statements.selects import Kept
from fixpoint.statements.updates import KeptUpdate

WORTH_REPEATING = (OperationalError, InterfaceError, DeliveryError, StoreAwayError)
"""A busy or broken database, an output that has to be handed in again, a store that does not answer."""
_NUMBERS = range(1, 2**31)
"""What the column holds. Kept statements do not look at a value's range: beyond it the database fails."""
UNFIT = (ValueError, OverflowError, DataError)
"""What is out of shape: the worker is told so, and ends the attempt itself."""


def _of_number() -> QuerySet[Attempt]:
    return Attempt.objects.filter(subject_id=Later("subject"), number=Later("number")).order_by()


_ANY = Kept(_of_number)
_LOCKED = Kept(lambda: _of_number().select_for_update())
_HELD = Kept(lambda: _of_number().filter(key_hash=Later("key_hash")).select_for_update())


class StumbledError(Exception):
    """The platform could not go on, for a reason that it would meet again: nothing is written, the attempt must end."""


def attempt_of(subject_id: str, number: int, *, lock: bool = False) -> Attempt | None:
    """The attempt as it is now; with `lock` it stays so until the transaction ends."""
    subject = _subject(subject_id, number)
    return (_LOCKED if lock else _ANY).first(subject=subject, number=number) if subject else None


def attempt_held(subject_id: str, number: int, key: str) -> Attempt:
    """The open attempt that `key` claimed, until the transaction ends. FencedError.

    Whoever has no key matches no row, and so waits for nobody's.
    """
    subject = _subject(subject_id, number)
    found = _HELD.first(subject=subject, number=number, key_hash=hash_of(key)) if subject else None
    return held(found, key)


def _subject(subject_id: str, number: int) -> UUID | None:
    """Whom it is about; None where no attempt can be meant."""
    if number not in _NUMBERS:
        return None
    try:
        return UUID(subject_id)
    except ValueError:
        return None


def held(attempt: Attempt | None, key: str) -> Attempt:
    """This attempt, if it is open and `key` claimed it. FencedError."""
    if attempt is None or not is_key(attempt, key):
        raise FencedError("No such attempt is yours.")
    if not attempt.is_open:
        raise FencedError(f"This attempt has ended: {attempt.outcome}.")
    return attempt


def attempt_renew(attempt: Attempt, **values: object) -> bool:
    """Begin its lease anew and set `values`, if it is open and still held by the same key; False if not."""
    now = timezone.now()
    lease = {"heartbeat_at": now, "lease_until": now + timedelta(seconds=settings.LEASE_SECONDS)}
    columns = lease | values
    return bool(_renewal(tuple(columns)).run(columns, pk=attempt.pk, key_hash=attempt.key_hash))


def attempt_end(*, attempt: Attempt, outcome: str) -> bool:
    """Close an attempt, if it still is open; from here on its facts change nothing."""
    changed = _END.run({"ended_at": timezone.now(), "outcome": outcome}, pk=attempt.pk)
    if changed:
        transaction.on_commit(lambda: deliveries_discard(attempt))
    return bool(changed)


def _open() -> QuerySet[Attempt]:
    return Attempt.objects.filter(pk=Later("pk"), ended_at=None)


@cache
def _renewal(columns: tuple[str, ...]) -> KeptUpdate:
    return KeptUpdate(lambda: _open().filter(key_hash=Later("key_hash")), columns)


_END = KeptUpdate(_open, ("ended_at", "outcome"))
