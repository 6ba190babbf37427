"""An attempt's row: found, locked, renewed, ended; and who may speak of it."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import DataError, InterfaceError, OperationalError, transaction
from django.utils import timezone

from fixpoint.blobs.away import StoreAwayError
from fixpoint.dispatch.deliveries import DeliveryError, deliveries_discard
from fixpoint.dispatch.errors import FencedError
from fixpoint.dispatch.models import Attempt
from fixpoint.dispatch.tokens import hash_of, is_key

WORTH_REPEATING = (OperationalError, InterfaceError, DeliveryError, StoreAwayError)
"""A busy or broken database, an output that has to be handed in again, a store that does not answer."""
UNFIT = (ValueError, OverflowError, DataError)
"""What is out of shape: the worker is told so, and ends the attempt itself."""


class StumbledError(Exception):
    """The platform could not go on, for a reason that it would meet again: nothing is written, the attempt must end."""


def attempt_of(subject_id: str, number: int, *, lock: bool = False) -> Attempt | None:
    """The attempt as it is now; with `lock` it stays so until the transaction ends."""
    try:
        subject = UUID(subject_id)
    except ValueError:
        return None
    rows = Attempt.objects.select_for_update() if lock else Attempt.objects.all()
    return rows.filter(subject_id=subject, number=number).order_by().first()


def attempt_held(subject_id: str, number: int, key: str) -> Attempt:
    """The open attempt that `key` claimed, until the transaction ends. FencedError.

    Whoever has no key matches no row, and so waits for nobody's.
    """
    try:
        rows = Attempt.objects.select_for_update().filter(subject_id=UUID(subject_id), key_hash=hash_of(key))
    except ValueError:
        return held(None, key)
    return held(rows.filter(number=number).order_by().first(), key)


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
    still = Attempt.objects.filter(pk=attempt.pk, ended_at=None, key_hash=attempt.key_hash)
    return bool(still.update(**lease, **values))


def attempt_end(*, attempt: Attempt, outcome: str) -> bool:
    """Close an attempt, if it still is open; from here on its facts change nothing."""
    changed = Attempt.objects.filter(pk=attempt.pk, ended_at=None).update(ended_at=timezone.now(), outcome=outcome)
    if changed:
        transaction.on_commit(lambda: deliveries_discard(attempt))
    return bool(changed)
