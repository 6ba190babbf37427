"""Stopping a task from taking entries for a while, letting it go on, and ending it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fixpoint.accounts.models import User
from fixpoint.organizing.acts import What, act_record
from fixpoint.organizing.in_sight import expect_in_sight
from fixpoint.organizing.reasons import reason_of
from fixpoint.organizing.refusals import ActRefusedError
from fixpoint.tasks.models import Task
from fixpoint.tasks.services import TaskNotReadyError, task_close


@transaction.atomic
def task_pause(*, task: Task, why: str, who: User | str) -> None:
    """It takes no entries from now on; what waits or runs goes on. Raises ActRefusedError."""
    why = reason_of(why)
    held = Task.objects.select_for_update(no_key=True).get(pk=task.pk)
    expect_in_sight(held)
    if held.paused_at:
        raise ActRefusedError(_("It is paused already."))
    if held.phase == Task.Status.CLOSED and not held.takes_entries:
        raise ActRefusedError(_("It is over and takes no entries: there is nothing to pause."))
    Task.objects.filter(pk=task.pk).update(paused_at=timezone.now(), paused_why=why)
    act_record(who=who, task=task, what=What.PAUSED, why=why)
    task.refresh_from_db(fields=["paused_at", "paused_why"])


@transaction.atomic
def task_resume(*, task: Task, why: str, who: User | str) -> None:
    """It takes entries again, as its dates say. Raises ActRefusedError where it is not paused or is archived."""
    held = Task.objects.select_for_update(no_key=True).get(pk=task.pk)
    expect_in_sight(held)
    if held.paused_at is None:
        raise ActRefusedError(_("It is not paused."))
    Task.objects.filter(pk=task.pk).update(paused_at=None, paused_why="")
    act_record(who=who, task=task, what=What.RESUMED, why=why, details={"paused_at": held.paused_at})
    task.refresh_from_db(fields=["paused_at", "paused_why"])


@transaction.atomic
def task_end(*, task: Task, why: str, who: User | str) -> bool:
    """Close it now and for good; False where it was over already.

    Raises ActRefusedError where it never opened or is archived.
    """
    held = Task.objects.select_for_update(no_key=True).get(pk=task.pk)
    expect_in_sight(held)
    try:
        has_closed = task_close(task=task, who=who if isinstance(who, str) else who.username)
    except TaskNotReadyError as error:
        raise ActRefusedError(str(error)) from error
    if has_closed:
        details = {"closes_at": {"from": held.closes_at, "to": task.closes_at}}
        act_record(who=who, task=task, what=What.CLOSED, why=why, details=details)
    return has_closed
