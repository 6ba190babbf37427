"""The daily round over the store: retention, then the sweep of blobs that nothing names any more."""

import logging
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from fixpoint.blobs.models import Round
from fixpoint.blobs.sweeping import blobs_sweep
from fixpoint.organizing.retention import retention_apply

log = logging.getLogger(__name__)

_DAY = timedelta(hours=24)
_REMEMBERED = timedelta(days=400)


def house_keep() -> bool:
    """Do it if the last time is a day ago; False where it is switched off, was done, or must not be done."""
    if not settings.KEEPS_HOUSE:
        return False
    if settings.BLOB_GRACE_SECONDS <= settings.ADDRESS_SECONDS:
        log.error("No blob is freed: FIXPOINT_BLOB_GRACE_HOURS is shorter than an address lives.")
        return False
    now = timezone.now()
    if Round.objects.filter(kind=Round.Kind.SWEEP, ended_at__gt=now - _DAY).exists():
        return False
    retention_apply(apply=True)
    blobs_sweep(apply=True)
    Round.objects.filter(ended_at__lt=now - _REMEMBERED).delete()
    return True
