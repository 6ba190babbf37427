"""Whom something about a task concerns: who entered it, and their teams."""

from django.db.models import Q, QuerySet

from fixpoint.accounts.language import Words
from fixpoint.accounts.models import Notice, User
from fixpoint.accounts.notices import notices_give
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task
from fixpoint.tasks.selectors import seeing
from fixpoint.teams.models import Member, Team


def entrants_of(task: Task) -> QuerySet[User]:
    """Active people who entered it or are in a team that takes part, and may look at it still; nobody twice."""
    entered = _entries(task).values("owner")
    members = Member.objects.filter(team__in=teams_taking_part(task)).values("user")
    return seeing(User.objects.filter(Q(pk__in=entered) | Q(pk__in=members), is_active=True), task)


def teams_taking_part(task: Task) -> QuerySet[Team]:
    """Not those that entered nothing but baselines and references, which are the hosts', nor the merged ones."""
    hosts = Submission.objects.filter(task=task).exclude(role=Submission.Role.PARTICIPANT).values("team")
    everybody = Team.objects.filter(task=task, merged_into=None)
    return everybody.exclude(Q(pk__in=hosts) & ~Q(pk__in=_entries(task).values("team")))


def _entries(task: Task) -> QuerySet[Submission]:
    return Submission.objects.filter(task=task, role=Submission.Role.PARTICIPANT)


def entrants_tell(*, task: Task, subject: Words, text: Words, kind: str = Notice.Kind.SITE) -> None:
    """Leave a notice with each of them, which a job mails; it leads to the task's page."""
    notices_give(to=entrants_of(task), subject=subject, text=text, path=f"/tasks/{task.slug}/", kind=kind)
