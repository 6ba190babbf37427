"""Giving a team more entries than its task has for everybody."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fixpoint.accounts.models import User
from fixpoint.accounts.notices import notices_give
from fixpoint.organizing.acts import What, act_record
from fixpoint.organizing.reasons import reason_of
from fixpoint.organizing.refusals import ActRefusedError
from fixpoint.submissions.board_changes import board_hold
from fixpoint.tasks.selectors import seeing
from fixpoint.teams.models import Team

MOST = 1000


@transaction.atomic
def team_extra_entries(*, team: Team, extra: int, why: str, who: User) -> None:
    """So many on top of the task's total, 0: none any more; its members are told. Raises ActRefusedError.

    What it entered already stays, even where it is more than it may have now.
    """
    why = reason_of(why)
    if not 0 <= extra <= MOST:
        raise ActRefusedError(_("Extra entries are a number from 0 to %(most)s.") % {"most": MOST})
    board_hold(team.task_id)  # of an entry in the same moment and this, one comes first
    held = Team.objects.select_related("task").get(pk=team.pk)
    if held.merged_into_id:
        raise ActRefusedError(_("This team was merged into another: give that one extra entries."))
    if held.extra_entries == extra:
        raise ActRefusedError(_("It has so many extra entries already."))
    Team.objects.filter(pk=team.pk).update(extra_entries=extra)
    details = {"extra_entries": {"from": held.extra_entries, "to": extra}}
    act_record(who=who, task=held.task, what=What.EXTRA_ENTRIES, subject=held, why=why, details=details)
    _tell(held, extra, why)
    team.refresh_from_db(fields=["extra_entries"])


def _tell(team: Team, extra: int, why: str) -> None:
    notices_give(
        to=seeing(User.objects.filter(memberships__team=team), team.task),
        subject=lambda: _("Extra entries in %(task)s") % {"task": team.task},
        text=lambda: _says(team, extra, why),
        path=f"/tasks/{team.task.slug}/",
    )


def _says(team: Team, extra: int, why: str) -> str:
    says = ngettext(
        "%(team)s has %(extra)s extra entry now, on top of the %(total)s of everybody: %(why)s",
        "%(team)s has %(extra)s extra entries now, on top of the %(total)s of everybody: %(why)s",
        extra,
    )
    return says % {"team": team, "extra": extra, "total": team.task.entries_total, "why": why}
