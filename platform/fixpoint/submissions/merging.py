"""Two teams become one: their people, entries and choices together, within what one team may have had by now."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from fixpoint.accounts.models import User
from fixpoint.submissions.board_changes import board_number
from fixpoint.submissions.models import Submission
from fixpoint.submissions.selectors import entries_counted
from fixpoint.tasks.models import Task
from fixpoint.teams.models import Member, Team
from fixpoint.teams.noting import team_note
from fixpoint.teams.rules import why_too_large

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


def why_unmergeable(team: Team, into: Team, who: User) -> str:
    """Why `who` cannot merge `team` into another of its task now; "" where that can be."""
    if team.pk == into.pk:
        return _("You are in this team already.")
    if team.captain_id != who.pk:
        captain = {"name": team.captain}
        return _("You are in a team already; only its captain, %(name)s, can merge it into another.") % captain
    if why := why_too_large(into.task, team.members.count() + into.members.count()):
        return why
    entries = [entries_counted(each).count() for each in (team, into)]
    most = entries_by_now(into.task, max(team.extra_entries, into.extra_entries))
    if all(entries) and sum(entries) > most:
        told = {"used": sum(entries), "most": most}
        return (
            _(
                "Together you have %(used)s entries; by today a single team could have made %(most)s at most. "
                "Try again on a later day."
            )
            % told
        )
    return ""


def entries_by_now(task: Task, extra: int) -> int:
    """How many one team can have used since the task opened: its total, or less where its days and weeks allow less."""
    age = max(timezone.now() - (task.opens_at or task.created_at), timedelta())
    most = [task.entries_total + extra, task.entries_per_day * (age // _DAY + 1)]
    if task.entries_per_week:
        most.append(task.entries_per_week * (age // _WEEK + 1))
    return min(most)


def team_merge(*, team: Team, into: Team, who: User) -> None:
    """All of `team` into the other one. The caller holds the task's row, and has asked `why_unmergeable`.

    What was told stays told; limits of days count the entries of both; the ladder goes on from the best of both.
    """
    entries = Submission.objects.filter(team=team)
    if entries.exists():
        entries.update(team=into, board_number=board_number(into.task_id))
    people = ", ".join(team.members.values_list("user__username", flat=True))
    Member.objects.filter(team=team).update(team=into)
    into.extra_entries = max(team.extra_entries, into.extra_entries)
    into.save(update_fields=["extra_entries"])
    team.merged_into = into
    team.save(update_fields=["merged_into"])
    team.events.create(who=who.username, what=f"{who} merged the team into {into}.")
    team_note(team=into, who=who, what=f"{who} merged the team {team} ({people}) into this one.")
    _give_up_choices(into, who)


def _give_up_choices(team: Team, who: User) -> None:
    """Of chosen entries that are too many together the newest are not chosen any more."""
    chosen = Submission.objects.filter(team=team, is_chosen=True).order_by("-created_at", "-pk")
    spare = list(chosen)[: max(0, chosen.count() - team.task.max_chosen)]
    for entry in spare:
        Submission.objects.filter(pk=entry.pk).update(is_chosen=False, board_number=board_number(team.task_id))
        entry.transitions.create(
            attempt=entry.attempt, from_status=entry.status, to_status=entry.status,
            why="not chosen any more: two teams became one", who=who.username,
        )  # fmt: skip
    if spare:
        most = team.task.max_chosen
        team_note(
            team=team,
            who=who,
            what=f"Together the teams had chosen {len(spare)} more than the {most} entries that a team may choose: "
            "the newest are not chosen any more. Choose anew if others should stand.",
        )
