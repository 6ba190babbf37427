"""Two teams become one: their people, entries and choices together, within what one team may have had by now."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q
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


@dataclass(frozen=True)
class Bound:
    """How many of the entries `within` one team can have used by now; of a phase, if it has a name."""

    most: int
    within: Q = field(default_factory=Q)
    phase: str = ""


def why_unmergeable(team: Team, into: Team, who: User) -> str:
    """Why `who` cannot merge `team` into another of its task now; "" where that can be."""
    if team.pk == into.pk:
        return _("You are in this team already.")
    if team.captain_id != who.pk:
        captain = {"name": team.captain}
        return _("You are in a team already; only its captain, %(name)s, can merge it into another.") % captain
    if why := why_too_large(into.task, team.members.count() + into.members.count()):
        return why
    entries = [entries_counted(each).order_by() for each in (team, into)]
    for bound in bounds_by_now(into.task, max(team.extra_entries, into.extra_entries)):
        used = [each.filter(bound.within).count() for each in entries]
        if all(used) and sum(used) > bound.most:
            return _too_many(bound, sum(used))
    return ""


def bounds_by_now(task: Task, extra: int) -> list[Bound]:
    """What the task's total, its weeks and days and those of its phases have allowed since it took entries.

    In a phase its own limits hold; what was entered outside of all (before there were any) is bounded by the task's.
    """
    now = timezone.now()
    begun = max(each for each in (task.opens_at, task.published_at, task.created_at) if each)
    bounds = [Bound(task.entries_total + extra)]
    if task.entries_per_week:
        bounds.append(Bound(task.entries_per_week * _windows(_WEEK, begun, now)))
    outside = Q()
    for phase in task.phases.filter(begins_at__lte=now):
        within = Q(created_at__gte=phase.begins_at, created_at__lt=phase.ends_at)
        outside &= ~within
        per_day = task.entries_per_day if phase.entries_per_day is None else phase.entries_per_day
        most = per_day * _windows(_DAY, max(begun, phase.begins_at), min(now, phase.ends_at))
        if phase.entries_total is not None:
            most = min(most, phase.entries_total + extra)
        bounds.append(Bound(most, within, phase.name))
    return [*bounds, Bound(task.entries_per_day * _windows(_DAY, begun, now), outside)]


def _windows(length: timedelta, begun: datetime, until: datetime) -> int:
    """How many times a limit in any time of this length can have been used up."""
    return max(until - begun, timedelta()) // length + 1


def _too_many(bound: Bound, entries: int) -> str:
    told = {"used": entries, "most": bound.most, "phase": bound.phase}
    if bound.phase:
        return (
            _(
                "Together you have %(used)s entries in the phase %(phase)s; by today a single team could have made "
                "%(most)s in it at most. Try again on a later day."
            )
            % told
        )
    return (
        _(
            "Together you have %(used)s entries; by today a single team could have made %(most)s at most. "
            "Try again on a later day."
        )
        % told
    )


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
