"""Taking a task out of sight and putting it back: nothing of it is deleted, so that the way back stays open."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from fixpoint.accounts.models import User
from fixpoint.accounts.notices import notices_give
from fixpoint.organizing.acts import What, act_record
from fixpoint.organizing.entrants import entrants_of, entrants_tell
from fixpoint.organizing.reasons import reason_of
from fixpoint.organizing.refusals import ActRefusedError
from fixpoint.submissions.stopping import submissions_stop
from fixpoint.tasks.models import Task

_CHANGED = ["archived_at", "archived_why", "board_number"]


@transaction.atomic
def task_archive(*, task: Task, why: str, who: User | str) -> int:
    """From now on it is there for who runs it alone; returns how many entries were stopped, free of charge.

    Whoever takes part is told `why`. Raises ActRefusedError where it is archived already.
    """
    why = reason_of(why)
    held = Task.objects.select_for_update(no_key=True).get(pk=task.pk)
    if held.archived_at:
        raise ActRefusedError(_("It is archived already."))
    people = list(entrants_of(held))  # as long as they may look at it
    reason = f"Its task was archived: not charged. {why}"
    stopped = submissions_stop(task=held, why=reason, who=who if isinstance(who, str) else who.username)
    Task.objects.filter(pk=task.pk).update(
        archived_at=timezone.now(), archived_why=why, board_number=F("board_number") + 1
    )
    notices_give(
        to=people,
        subject=lambda: _("%(title)s was archived") % {"title": held.title},
        text=lambda: (
            _("Its organizers took it out of sight. Your datasets and entries stay in your logbook. %(why)s")
            % {"why": why}
        ),
        path="/me/",
    )
    act_record(who=who, task=task, what=What.ARCHIVED, why=why, details={"entries_stopped": stopped})
    task.refresh_from_db(fields=_CHANGED)
    return stopped


@transaction.atomic
def task_restore(*, task: Task, why: str, who: User | str) -> None:
    """It is there again for everybody who saw it before. Raises ActRefusedError where it is not archived."""
    held = Task.objects.select_for_update(no_key=True).get(pk=task.pk)
    if held.archived_at is None:
        raise ActRefusedError(_("It is not archived."))
    Task.objects.filter(pk=task.pk).update(archived_at=None, archived_why="", board_number=F("board_number") + 1)
    act_record(who=who, task=task, what=What.UNARCHIVED, why=why, details={"archived_at": held.archived_at})
    task.refresh_from_db(fields=_CHANGED)
    entrants_tell(
        task=task,
        subject=lambda: _("%(title)s is back") % {"title": task.title},
        text=lambda: _("Its organizers put it back in sight, as it was before."),
    )
