"""The blobs as they were last looked at: whether the sweep comes, and whether the last check found all whole."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from fixpoint.blobs.models import Round
from fixpoint.datasets.models import Dataset
from worker.contract import Finding, Level

_LATE = timedelta(days=3)


def blobs_looked_at() -> Finding:
    """Fails where a check found a blob that is not whole: only a later check of all that finds none takes that back."""
    swept, checked = (Round.objects.filter(kind=kind).first() for kind in (Round.Kind.SWEEP, Round.Kind.CHECK))
    told = f"{_swept(swept)}, {_checked(checked)}"
    if failed := _failed():
        since = "" if failed == checked else f" on {failed.ended_at:%Y-%m-%d}, and not all was read since"
        found = f"{told}, {failed.found['problems']:,} not whole{since}"
        return Finding(Level.FAIL, found, "see `manage.py blobs check` (docs/operations.md, “Storage”)")
    if settings.KEEPS_HOUSE and settings.BLOB_GRACE_SECONDS <= settings.ADDRESS_SECONDS:
        advice = "raise FIXPOINT_BLOB_GRACE_HOURS over FIXPOINT_ADDRESS_SECONDS"
        return Finding(Level.WARN, f"{told}; no blob is freed, as its grace is shorter than an address lives", advice)
    if swept and _is_refused(swept):
        advice = "see `manage.py blobs sweep` (docs/operations.md, “When something is stuck”)"
        return Finding(Level.WARN, f"{told}; more is due than the database names", advice)
    if settings.KEEPS_HOUSE and _is_late(swept):
        return Finding(Level.WARN, told, "see platform-chores and beat: it is to come once a day")
    return Finding(Level.OK, told)


def _swept(swept: Round | None) -> str:
    if swept is None:
        return "never swept"
    return f"last {'sweep refused' if _is_refused(swept) else 'swept'} {swept.ended_at:%Y-%m-%d}"


def _checked(checked: Round | None) -> str:
    if checked is None:
        return "never checked"
    read, needed = checked.found["read"], checked.found["needed"]
    return f"last checked {checked.ended_at:%Y-%m-%d}: {read:,} of {needed:,} read"


def _failed() -> Round | None:
    """The last check that found a problem, unless a later one read everything and found none."""
    for check in Round.objects.filter(kind=Round.Kind.CHECK):
        if check.found["problems"]:
            return check
        if check.found["read"] == check.found["needed"]:
            return None
    return None


def _is_refused(swept: Round) -> bool:
    return bool(swept.found.get("refused"))


def _is_late(swept: Round | None) -> bool:
    """A new installation has nothing to sweep, so that its first round may take its time."""
    late = timezone.now() - _LATE
    return swept.ended_at < late if swept else Dataset.objects.filter(created_at__lt=late).exists()
