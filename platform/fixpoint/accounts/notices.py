"""Notices to people: kept here until they are read, and mailed by a job, so that nobody waits for a mail server."""

import logging
from collections.abc import Iterable
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q
from django.utils import timezone

from fixpoint.accounts.models import Notice, User

log = logging.getLogger(__name__)

_MOST = 50
"""Notices in one mail; the others come with the next."""


def organizers_tell(*, subject: str, text: str, path: str) -> None:
    """Tell everybody who runs tasks; `path` is the page that it is about. Mailed within a minute."""
    organizers = User.objects.filter(Q(role=User.Role.ORGANIZER) | Q(is_superuser=True), is_active=True)
    notices_give(to=organizers, subject=subject, text=text, path=path)


def notices_give(*, to: Iterable[User], subject: str, text: str, path: str) -> None:
    """Leave the same notice with each of these people."""
    Notice.objects.bulk_create(Notice(user=user, subject=subject[:200], text=text, path=path) for user in to)


def notices_mail() -> int:
    """Mail what has not been mailed, one mail a person; returns how many mails went.

    What a mail server does not take stays, and goes with a later round: a notice may come twice, never not at all.
    """
    waiting = Notice.objects.filter(mailed_at=None).select_related("user").order_by("pk")
    by_user: dict[User, list[Notice]] = {}
    for notice in waiting:
        by_user.setdefault(notice.user, []).append(notice)
    return sum(_mail(user, notices[:_MOST]) for user, notices in by_user.items())


def _mail(user: User, notices: list[Notice]) -> bool:
    subject = notices[0].subject if len(notices) == 1 else f"{len(notices)} notices, the first: {notices[0].subject}"
    text = "\n\n".join(f"{each.subject}\n{each.text}\n{settings.SITE_URL}{each.path}" for each in notices)
    try:
        send_mail(f"[Fixpoint] {' '.join(subject.split())}", text, None, [user.email])
    except (OSError, SMTPException) as error:
        log.warning("The mail server did not take %d notices for %s: %s", len(notices), user, error)
        return False
    Notice.objects.filter(pk__in=[each.pk for each in notices]).update(mailed_at=timezone.now())
    return True
