"""Notices to people: kept here until they are old, and mailed by a job, so that nobody waits for a mail server."""

import logging
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from smtplib import SMTPDataError, SMTPNotSupportedError, SMTPRecipientsRefused
from time import monotonic

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fixpoint.accounts.language import Words, language_of, speaking_to, written
from fixpoint.accounts.models import Notice, User
from fixpoint.accounts.unsubscribing import unsubscribe_path
from fixpoint.statements.inserts import rows_insert

log = logging.getLogger(__name__)

_MOST = 20
"""Notices that one mail tells; the others are a number in it."""
_ROUND_SECONDS = 5.0
"""No mail of a round is begun later than this: the platform's other chores wait for the round to end."""
_KEPT = timedelta(days=90)
_TEMPORARY = range(400, 500)
"""A mail server's answers that mean "later"."""


def organizers_tell(*, subject: Words, text: Words, path: str) -> None:
    """Tell everybody who runs tasks; `path` is the page that it is about. Mailed within a minute."""
    organizers = User.objects.filter(Q(role=User.Role.ORGANIZER) | Q(is_superuser=True), is_active=True)
    notices_give(to=organizers, subject=subject, text=text, path=path)


def notices_give(*, to: Iterable[User], subject: Words, text: Words, path: str, kind: str = Notice.Kind.SITE) -> None:
    """Leave the same notice with each of these people, in their language; mailed within a minute to who wants that."""
    now = timezone.now()
    told: dict[str, tuple[str, str]] = {}
    notices = []
    for user in to:
        if (language := language_of(user)) not in told:
            with speaking_to(user):
                told[language] = (written(subject)[:200], written(text))
        says, at_length = told[language]
        mailed_at = None if is_mailed(user, kind) else now
        notices.append(Notice(user=user, subject=says, kind=kind, text=at_length, path=path, mailed_at=mailed_at))
    rows_insert(notices)


def is_mailed(user: User, kind: str) -> bool:
    """Whether this person wants this kind mailed. What concerns the site or one's own things always is."""
    return user.mails_runs if kind == Notice.Kind.RUNS else True


def mails_choose(*, user: User, runs: bool) -> None:
    """Whether the ends of runs are mailed to this person from now on; what still waits follows it."""
    User.objects.filter(pk=user.pk).update(mails_runs=runs)
    if not runs:
        waiting = Notice.objects.filter(user=user, kind=Notice.Kind.RUNS, mailed_at=None)
        waiting.update(mailed_at=timezone.now())


def notices_read(*, user: User, notice_id: int | None = None) -> int:
    """Mark one of this person's notices as read, or all of them; returns how many were unread."""
    unread = notices_unread(user)
    return (unread if notice_id is None else unread.filter(pk=notice_id)).update(read_at=timezone.now())


def notices_unread(user: User) -> QuerySet[Notice]:
    """What this person has not marked as read."""
    return Notice.objects.filter(user=user, read_at=None)


def notices_forget() -> int:
    """Delete what is old, mailed or not; returns how many."""
    return Notice.objects.filter(created_at__lt=timezone.now() - _KEPT).delete()[0]


def notices_mail() -> int:
    """Mail what has not been mailed, one mail a person, over one connection; returns how many mails went.

    A mail server that fails ends the round, and what it did not take goes with a later one: a notice may come twice.
    Only what can never be mailed is not tried again; it stays among the notices. A closed account gets none.
    """
    until = monotonic() + _ROUND_SECONDS
    waiting = Notice.objects.filter(user=OuterRef("pk"), mailed_at=None)
    # In any order: whoever's mail breaks the connection must not keep the same others waiting, round after round.
    people = list(User.objects.filter(Exists(waiting), closed_at=None).order_by("?"))
    if not people:
        return 0
    connection = get_connection()
    sent = 0
    try:
        connection.open()
        for user in people:
            if monotonic() > until:
                break
            sent += _mail(user, connection)
    except OSError as error:  # every SMTPException is one
        log.warning("The mail server failed, the other notices go later: %s", error)
    finally:
        with suppress(OSError):
            connection.close()
    return sent


def _mail(user: User, connection: BaseEmailBackend) -> bool:
    """Whether it went. What only this person's mail suffers from ends here; OSError where the mail server failed."""
    waiting = Notice.objects.filter(user=user, mailed_at=None)
    newest = list(waiting[:_MOST])
    if not newest:
        return False
    told = waiting.filter(pk__lte=newest[0].pk)
    sent = False
    try:
        with speaking_to(user):
            message = _message(user, newest, told.count(), connection)
        sent = bool(message.send())
    except (ValueError, SMTPNotSupportedError, SMTPRecipientsRefused, SMTPDataError) as error:
        log.warning("No notices can be mailed to %s: %s", user, error)
        if _is_temporary(error):
            return False
    told.update(mailed_at=timezone.now())
    return sent


def _message(user: User, newest: list[Notice], count: int, connection: BaseEmailBackend) -> EmailMessage:
    subject = newest[0].subject
    if count > 1:
        says = ngettext(
            "%(count)s notice, the newest: %(subject)s", "%(count)s notices, the newest: %(subject)s", count
        )
        subject = says % {"count": count, "subject": subject}
    parts = [f"{each.subject}\n{each.text}\n{settings.SITE_URL}{each.path}" for each in newest]
    if count > len(newest):
        more = count - len(newest)
        says = ngettext("and %(more)s more, see %(address)s", "and %(more)s more, see %(address)s", more)
        parts.append(says % {"more": more, "address": f"{settings.SITE_URL}/me/notices/"})
    headers = {}
    if any(each.kind == Notice.Kind.RUNS for each in newest):
        way_out = settings.SITE_URL + unsubscribe_path(user)
        parts.append(_("No more mails when a dataset is read or a run ends: %(address)s") % {"address": way_out})
        headers = {"List-Unsubscribe": f"<{way_out}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    subject = f"[Fixpoint] {' '.join(subject.split())}"
    return EmailMessage(subject, "\n\n".join(parts), None, [user.email], connection=connection, headers=headers)


def _is_temporary(error: Exception) -> bool:
    match error:
        case SMTPRecipientsRefused():
            return any(code in _TEMPORARY for code, _ in error.recipients.values())
        case SMTPDataError():
            return error.smtp_code in _TEMPORARY
    return False
