"""Announcements: what organizers tell everybody who looks at a task and everybody who entered it."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fixpoint.accounts.models import Notice, User
from fixpoint.organizing.acts import What, act_record
from fixpoint.organizing.entrants import entrants_tell
from fixpoint.organizing.in_sight import expect_in_sight
from fixpoint.organizing.models import Announcement
from fixpoint.organizing.refusals import ActRefusedError
from fixpoint.tasks.models import Task


def announcements_of(task: Task) -> QuerySet[Announcement]:
    """What stands now, the newest first."""
    return Announcement.objects.filter(task=task, withdrawn_at=None)


@transaction.atomic
def announcement_publish(*, task: Task, title: str, text: str, who: User) -> Announcement:
    """On the task's page and in its feed from now on; everybody who entered gets a notice. Raises ActRefusedError."""
    title, text = title.strip(), text.strip()
    if not title or not text:
        raise ActRefusedError(_("An announcement has a title and a text."))
    expect_in_sight(task)
    announcement = Announcement.objects.create(task=task, title=title, text=text, author=who)
    act_record(who=who, task=task, what=What.ANNOUNCED, subject=announcement, details={"text": text})
    entrants_tell(task=task, subject=f"{task}: {title}", text=text, kind=Notice.Kind.NEWS)
    return announcement


@transaction.atomic
def announcement_withdraw(*, announcement: Announcement, why: str, who: User) -> None:
    """Off the page and the feed; whoever has read or been mailed it has. Raises ActRefusedError."""
    standing = Announcement.objects.filter(pk=announcement.pk, withdrawn_at=None)
    if standing.update(withdrawn_at=timezone.now()) != 1:
        raise ActRefusedError(_("It is withdrawn already."))
    act_record(who=who, task=announcement.task, what=What.ANNOUNCEMENT_WITHDRAWN, subject=announcement, why=why)
    announcement.refresh_from_db(fields=["withdrawn_at"])
