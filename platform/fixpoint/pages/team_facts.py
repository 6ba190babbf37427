"""What a team's page tells: who is in it, where it stands, what it entered and what that took."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from fixpoint.accounts.models import User
from fixpoint.energy.estimates import grams
from fixpoint.leaderboard.row import Row
from fixpoint.leaderboard.selectors import board_shown
from fixpoint.submissions.models import Submission
from fixpoint.submissions.revealing import shown_score
from fixpoint.submissions.selectors import QuotaLeft, quota_of_team
from fixpoint.submissions.teaming import has_entered
from fixpoint.submissions.totals import EnergyTotal, energy_total_of_team
from fixpoint.tasks.running import runs
from fixpoint.teams.models import Member, Team, TeamEvent
from fixpoint.teams.rules import why_settled

MOST_ENTRIES, MOST_EVENTS = 200, 50
"""Shown of either, the newest."""


@dataclass(frozen=True)
class TeamEntry:
    """An entry as its reader may see it: its score as the board tells it, None where there is none."""

    entry: Submission
    accuracy: float | None
    grams: float | None


@dataclass(frozen=True)
class Inside:
    """What only members are shown, and all but the link who runs the task; `settled` says why nothing can change."""

    link: str
    quota: QuotaLeft
    events: list[TeamEvent]
    is_captain: bool
    has_entered: bool
    settled: str


@dataclass(frozen=True)
class TeamFacts:
    """`row` and `green` are its lines by accuracy and by emissions; `inside` is None for everybody else."""

    members: list[Member]
    row: Row | None
    green: Row | None
    ranked: int
    total: EnergyTotal
    grams: float
    entries: list[TeamEntry]
    more: int
    inside: Inside | None


def team_facts(team: Team, reader: User | AnonymousUser) -> TeamFacts:
    """For this reader; of entries without a score outsiders learn nothing."""
    task, members = team.task, list(team.members.select_related("user"))
    is_member = any(each.user_id == reader.pk for each in members)
    is_insider = is_member or runs(reader, task)
    board, total = board_shown(task), energy_total_of_team(team)
    found = Submission.objects.filter(team=team).select_related("task", "dataset", "owner", "result")
    found = found.defer("result__correct")
    if not is_insider:
        found = found.filter(status=Submission.Status.SCORED)
    return TeamFacts(
        members=members,
        row=board.row_of_team(team.pk),
        green=board.row_of_team(team.pk, "emissions"),
        ranked=len(board.accuracy),
        total=total,
        grams=grams(total.kwh, task.grid_g_per_kwh, task.pue),
        entries=[_entry(each) for each in found[:MOST_ENTRIES]],
        more=max(0, found.count() - MOST_ENTRIES),
        inside=_inside(team, reader, is_member=is_member) if is_insider else None,
    )


def _entry(entry: Submission) -> TeamEntry:
    if entry.status != Submission.Status.SCORED:
        return TeamEntry(entry, None, None)
    standardised = grams(entry.result.standardised_kwh, entry.task.grid_g_per_kwh, entry.task.pue)
    return TeamEntry(entry, shown_score(entry.result).accuracy, standardised)


def _inside(team: Team, reader: User | AnonymousUser, *, is_member: bool) -> Inside:
    path = reverse("team_join", args=[team.invitation])
    return Inside(
        link=f"{settings.SITE_URL}{path}" if is_member else "",
        quota=quota_of_team(team, team.task),
        events=list(team.events.all()[:MOST_EVENTS]),
        is_captain=team.captain_id == reader.pk,
        has_entered=has_entered(team),
        settled=why_settled(team.task),
    )
