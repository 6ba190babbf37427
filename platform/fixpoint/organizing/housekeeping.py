"""The daily round over the store: retention, then the sweep of blobs that nothing names any more."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fixpoint.accounts.notices import organizers_tell
from fixpoint.blobs.doom import grace
from fixpoint.blobs.models import Doomed, Round
from fixpoint.blobs.references import PORTIONS, referenced
from fixpoint.blobs.sweeping import blobs_sweep
from fixpoint.organizing.retention import retention_apply
from fixpoint.organizing.wizard.drafts import drafts_forget

log = logging.getLogger(__name__)

_DAY = timedelta(hours=24)
_MANY = 100
_STRANGE = gettext_noop(
    "More blobs are due to be deleted than the database names. If the store is another installation's, or the database "
    "was restored without its rows, set FIXPOINT_KEEPS_HOUSE=0; if it is right so, run `manage.py blobs sweep --apply`."
)
_REMEMBERED = timedelta(days=400)


def is_strange(now: datetime) -> bool:
    """Whether far more is about to go than stays: rather another database's store than so many orphans."""
    due = Doomed.objects.filter(since__lte=now - grace()).count()
    return due >= _MANY and due > sum(len(set(referenced(portion))) for portion in PORTIONS)


def house_keep() -> bool:
    """Do it if the last time is a day ago; False where it is switched off, was done, or must not be done."""
    if not settings.KEEPS_HOUSE:
        return False
    if settings.BLOB_GRACE_SECONDS <= settings.ADDRESS_SECONDS:
        log.error("No blob is freed: FIXPOINT_BLOB_GRACE_HOURS is shorter than an address lives.")
        return False
    now = timezone.now()
    if _was_done(now - _DAY):
        return False
    retention_apply(apply=True)
    drafts_forget()
    if is_strange(now):
        organizers_tell(subject=lambda: _("No blob was freed"), text=lambda: _(_STRANGE), path="/status/")
        Round.objects.create(kind=Round.Kind.SWEEP, found={"refused": True})
        log.error(_STRANGE)
        return False
    blobs_sweep(apply=True)
    Round.objects.filter(ended_at__lt=now - _REMEMBERED).delete()
    return True


def _was_done(since: datetime) -> bool:
    """Whether both were: who sweeps by hand, or gives up by hand, has done one half of it."""
    done = set(Round.objects.filter(ended_at__gt=since).values_list("kind", flat=True))
    return {Round.Kind.RETENTION, Round.Kind.SWEEP} <= done
