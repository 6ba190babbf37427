"""The blobs as they were last looked at: whether the sweep comes, and whether the last check found all whole."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from fixpoint.blobs.models import Round
from worker.contract import Finding, Level

_LATE = timedelta(days=3)


def blobs_looked_at() -> Finding:
    """Fails where the last check found a blob that is not whole: only a later check that finds none takes that back."""
    swept, checked = (Round.objects.filter(kind=kind).first() for kind in (Round.Kind.SWEEP, Round.Kind.CHECK))
    told = ", ".join(
        [
            f"last swept {swept.ended_at:%Y-%m-%d}" if swept else "never swept",
            f"last checked {checked.ended_at:%Y-%m-%d}: {checked.found['read']:,} of {checked.found['needed']:,} read"
            if checked
            else "never checked",
        ]
    )
    if checked and checked.found["problems"]:
        found = f"{told}, {checked.found['problems']:,} not whole"
        return Finding(Level.FAIL, found, "see `manage.py blobs check` (docs/operations.md, “Storage”)")
    if settings.KEEPS_HOUSE and settings.BLOB_GRACE_SECONDS <= settings.ADDRESS_SECONDS:
        advice = "raise FIXPOINT_BLOB_GRACE_HOURS over FIXPOINT_ADDRESS_SECONDS"
        return Finding(Level.WARN, f"{told}; no blob is freed, as its grace is shorter than an address lives", advice)
    if settings.KEEPS_HOUSE and swept and swept.ended_at < timezone.now() - _LATE:
        return Finding(Level.WARN, told, "see beat and platform-jobs: it is to come once a day")
    return Finding(Level.OK, told)
