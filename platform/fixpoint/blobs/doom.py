"""Marks on blobs that are about to go, and how whoever finds such a blob still there keeps it.

A blob that nothing names is marked by one round of the sweep and deleted by a later one, a grace apart, with its mark's
row held. Whoever finds bytes stored already takes the mark off first, which waits for a deletion that is under way, and
only then looks whether they are there.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from fixpoint.blobs.models import Doomed


def grace() -> timedelta:
    """So long a blob is left alone after it was stored, and again after it was marked."""
    return timedelta(seconds=settings.BLOB_GRACE_SECONDS)


def doom_mark(*, blobs: dict[str, int], now: datetime) -> None:
    """Mark blobs, their sizes by digest; what is marked already stays marked since then."""
    rows = [Doomed(sha256=sha256, size=size, since=now) for sha256, size in blobs.items()]
    Doomed.objects.bulk_create(rows, ignore_conflicts=True)


def doom_lift(*, sha256: str, stored_at: datetime) -> None:
    """These bytes are wanted: what names them will be committed within half a grace.

    No statement is spent on what was stored less than half a grace ago: nothing deletes it before the other half is
    over.
    """
    if stored_at <= timezone.now() - grace() / 2:
        Doomed.objects.filter(sha256=sha256).delete()
