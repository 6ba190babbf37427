"""Moving the dates of a task, later or earlier, with a reason that everybody who entered is told."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fixpoint.accounts.models import User
from fixpoint.organizing.acts import What, act_record
from fixpoint.organizing.entrants import entrants_tell
from fixpoint.organizing.in_sight import expect_in_sight
from fixpoint.organizing.reasons import reason_of
from fixpoint.organizing.refusals import ActRefusedError
from fixpoint.tasks.models import Task
from fixpoint.tasks.stretches import phase_problems

_FIELDS = ("opens_at", "closes_at", "teams_until")


@transaction.atomic
def task_move_dates(
    *,
    task: Task,
    opens_at: datetime | None,
    closes_at: datetime | None,
    teams_until: datetime | None,
    why: str,
    who: User | str,
) -> list[str]:
    """Its dates as they shall be, None: no such date. Returns the names of those that moved. Raises ActRefusedError."""
    why = reason_of(why)
    held = Task.objects.select_for_update(no_key=True).get(pk=task.pk)
    expect_in_sight(held)
    wanted = {"opens_at": opens_at, "closes_at": closes_at, "teams_until": teams_until}
    moved = [name for name in _FIELDS if getattr(held, name) != wanted[name]]
    if not moved:
        raise ActRefusedError(_("These are its dates already."))
    _check(held, wanted, moved)
    # Its board says until when it runs: that is a change of the board like any other.
    Task.objects.filter(pk=task.pk).update(board_number=held.board_number + 1, **wanted)
    details = {name: {"from": getattr(held, name), "to": wanted[name]} for name in moved}
    act_record(who=who, task=task, what=What.DATES, why=why, details=details)
    task.refresh_from_db(fields=[*_FIELDS, "board_number"])
    _tell(task, moved, why)
    return moved


def _check(task: Task, wanted: dict[str, datetime | None], moved: list[str]) -> None:
    now = timezone.now()
    opens, closes, teams = (wanted[name] for name in _FIELDS)
    if task.phase == Task.Status.CLOSED:
        raise ActRefusedError(_("It is over: everybody has seen the final scores, so it is not opened again."))
    if "opens_at" in moved and task.phase == Task.Status.OPEN:
        raise ActRefusedError(_("It has opened already: its opening stays as it was. Pause it to take no entries."))
    if "closes_at" in moved and closes and closes <= now:
        raise ActRefusedError(_("The close must lie ahead. To end it now, close it."))
    if opens and closes and closes <= opens:
        raise ActRefusedError(_("It must close after it opens."))
    if teams and closes and teams > closes:
        raise ActRefusedError(_("Teams can change until its close at the latest: choose an earlier date for teams."))
    if problems := phase_problems(list(task.phases.all()), opens_at=opens, closes_at=closes):
        raise ActRefusedError(" ".join(says for _number, says in problems))


def _tell(task: Task, moved: list[str], why: str) -> None:
    entrants_tell(
        task=task,
        subject=lambda: _("The dates of %(task)s have moved") % {"task": task},
        text=lambda: "\n".join([*_dates(task, moved), why]),
    )


def _dates(task: Task, moved: list[str]) -> list[str]:
    lines = {
        "opens_at": _("It opens: %(when)s."),
        "closes_at": _("It closes: %(when)s."),
        "teams_until": _("Teams can change until: %(when)s."),
    }
    return [lines[name] % {"when": _told(getattr(task, name))} for name in moved]


def _told(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else _("no date set")
