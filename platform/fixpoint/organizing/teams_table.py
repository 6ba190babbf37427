"""The teams of a task: who is in them, what they entered, what is left to them, what it took."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, FloatField, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from fixpoint.energy.estimates import grams
from fixpoint.organizing.entrants import teams_taking_part
from fixpoint.submissions.models import Submission, SubmissionEnergy
from fixpoint.tasks.models import Task
from fixpoint.teams.models import Member, Team

_DAY = timedelta(hours=24)


@dataclass(frozen=True)
class TeamLine:
    """`used` counts against the quota, of `total`; `kwh` is of running its entries, without reading its datasets."""

    team: Team
    members: list[str]
    entries: int
    scored: int
    used: int
    used_today: int
    total: int
    kwh: float
    unmeasured: int
    grams: float

    @property
    def left(self) -> int:
        """Of all that it may enter."""
        return max(0, self.total - self.used)


def teams_of(task: Task, search: str = "") -> QuerySet[Team]:
    """By name, those that take part; what was merged into another is part of that one."""
    wanted = Q(name__icontains=search) | Q(members__user__username__icontains=search) if search else Q()
    theirs = Submission.objects.filter(team=OuterRef("pk"), role=Submission.Role.PARTICIPANT, rerun_of=None)
    one = theirs.order_by().values("team")
    energy = SubmissionEnergy.objects.filter(
        submission__team=OuterRef("pk"), submission__role=Submission.Role.PARTICIPANT, submission__rerun_of=None
    )
    spent = energy.order_by().values("submission__team")
    counted = ~Q(quota=Submission.Quota.RELEASED)
    since = timezone.now() - _DAY

    def count(only: Q) -> Subquery:
        return Subquery(one.annotate(n=Count("pk", filter=only)).values("n"))

    found = (
        teams_taking_part(task)
        .filter(wanted)
        .distinct()
        .annotate(
            entries=count(Q()),
            scored=count(Q(status=Submission.Status.SCORED)),
            used=count(counted),
            used_today=count(counted & Q(created_at__gt=since)),
            kwh=Subquery(spent.annotate(n=Sum("kwh")).values("n"), output_field=FloatField()),
            unmeasured=Subquery(spent.annotate(n=Count("pk", filter=Q(kwh=None))).values("n")),
        )
    )
    return found.order_by("name", "pk")


def team_lines(task: Task, teams: Iterable[Team]) -> list[TeamLine]:
    """One more query for all their members."""
    teams = list(teams)
    members: dict[UUID, list[str]] = defaultdict(list)
    rows = Member.objects.filter(team__in=[each.pk for each in teams]).select_related("user")
    for row in rows:
        members[row.team_id].append(row.user.username)
    return [_line(task, each, members[each.pk]) for each in teams]


def _line(task: Task, team: Team, members: list[str]) -> TeamLine:
    found = {name: getattr(team, name) or 0 for name in ("entries", "scored", "used", "used_today", "unmeasured")}
    kwh = getattr(team, "kwh", None) or 0.0
    return TeamLine(
        team=team,
        members=members,
        total=task.entries_total + team.extra_entries,
        kwh=kwh,
        grams=grams(kwh, task.grid_g_per_kwh, task.pue),
        **found,
    )
