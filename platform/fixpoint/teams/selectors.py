"""Reading teams: one's own in a task, and whether two people are in one."""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, QuerySet, Value
from django.db.models.functions import Lower

from fixpoint.accounts.models import User
from fixpoint.tasks.models import Task
from fixpoint.teams.models import Member, Team


def team_of(user: User, task: Task) -> Team | None:
    """The team in which this person enters the task; None before they entered or joined one."""
    return Team.objects.filter(task=task, members__user=user).first()


def team_invited_to(invitation: str) -> Team | None:
    """The team whose link this is now."""
    return Team.objects.filter(invitation=invitation, merged_into=None).select_related("task", "captain").first()


def is_in_team(user: User | AnonymousUser, team_id: UUID) -> bool:
    """Whether this person is in that team now."""
    return user.is_authenticated and Member.objects.filter(team=team_id, user=user).exists()


def are_mates(user: User, other_id: int, task_id: UUID) -> bool:
    """Whether both are the same person, or in one team of this task."""
    return user.pk == other_id or mates_of(user, task_id).filter(user=other_id).exists()


def members_of(team: Team) -> list[str]:
    """Their usernames, who joined first comes first."""
    return list(team.members.values_list("user__username", flat=True))


def teams_named(name: str, task: Task) -> QuerySet[Team]:
    """Those of the task whose name is this one to the database, by the very function that its constraint uses.

    `iexact` asks by UPPER, which takes other letters for the same: İ and i are one by LOWER alone.
    """
    return Team.objects.filter(task=task).alias(lowered=Lower("name")).filter(lowered=Lower(Value(name)))


def teams_joined(user: User) -> QuerySet[Team]:
    """This person's teams with their tasks, the newest first, and how many `people` are in each."""
    own = Member.objects.filter(user=user).values("team")
    found = Team.objects.filter(pk__in=own).select_related("task")
    return found.annotate(people=Count("members")).order_by("-created_at")


def teams_with_others(user: User) -> QuerySet[Team]:
    """This person's teams of more than one."""
    own = Member.objects.filter(user=user).values("team")
    return Team.objects.filter(pk__in=own).annotate(people=Count("members")).filter(people__gt=1)


def mates_of(user: User, task_id: UUID) -> QuerySet[Member]:
    """All members of this person's team in the task, with this person; nobody without a team."""
    own = Member.objects.filter(user=user, task=task_id).values("team")
    return Member.objects.filter(team__in=own)
