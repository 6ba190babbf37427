"""Telling everybody what does not work, as long as it lasts, and for 90 days afterwards."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fixpoint.accounts.models import User
from fixpoint.figures import whole
from fixpoint.organizing.banner import banner_forget
from fixpoint.organizing.models import Incident, IncidentUpdate
from fixpoint.organizing.refusals import ActRefusedError

SHOWN = timedelta(days=90)
MOST = 2000
"""Characters of one text."""


def incidents_open() -> QuerySet[Incident]:
    """What does not work now, the last one first."""
    return Incident.objects.filter(ended_at=None, withdrawn_at=None, began_at__lte=timezone.now())


def incidents_shown() -> QuerySet[Incident]:
    """Those that are open or announced, and those that ended in the last 90 days, with what was said of them."""
    since = timezone.now() - SHOWN
    is_recent = Q(ended_at=None) | Q(ended_at__gt=since)
    return Incident.objects.filter(is_recent, withdrawn_at=None).prefetch_related("updates")


def incidents_beside() -> QuerySet[Incident]:
    """Of those what does not go on now: planned or over."""
    return incidents_shown().exclude(ended_at=None, began_at__lte=timezone.now())


@transaction.atomic
def incident_begin(*, title: str, text: str, began_at: datetime, who: User) -> Incident:
    """On the status page and, once it has begun, in the banner of every page. Raises ActRefusedError."""
    title = title.strip()
    if not title:
        raise ActRefusedError(_("An incident has a title."))
    incident = Incident.objects.create(title=title, began_at=began_at, author=who)
    incident_tell(incident=incident, text=text, ends=False, who=who)
    return incident


@transaction.atomic
def incident_tell(*, incident: Incident, text: str, ends: bool, who: User) -> None:
    """Say more of it; with `ends` it is over from now on. Raises ActRefusedError."""
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()  # as the browser counts them
    if not text:
        raise ActRefusedError(_("Say what is known: everybody reads it."))
    if len(text) > MOST:
        says = _("This has %(count)s characters, and %(most)s are told at most: say it in fewer.")
        raise ActRefusedError(says % {"count": whole(len(text)), "most": whole(MOST)})
    held = Incident.objects.select_for_update().get(pk=incident.pk)
    if held.withdrawn_at:
        raise ActRefusedError(_("It was withdrawn: write another one."))
    if ends and held.ended_at:
        raise ActRefusedError(_("It has ended already."))
    update = IncidentUpdate.objects.create(incident=held, text=text, author=who)
    if ends:
        held.began_at, held.ended_at = min(held.began_at, update.at), update.at
        held.save(update_fields=["began_at", "ended_at"])
    transaction.on_commit(banner_forget)


@transaction.atomic
def incident_withdraw(*, incident: Incident) -> None:
    """It was written by mistake: organizers alone see it from now on. Raises ActRefusedError."""
    if Incident.objects.filter(pk=incident.pk, withdrawn_at=None).update(withdrawn_at=timezone.now()) != 1:
        raise ActRefusedError(_("It is withdrawn already."))
    transaction.on_commit(banner_forget)
