"""Whom something about a task concerns: who entered it, and their teams."""

from django.db.models import Q, QuerySet

from fixpoint.accounts.models import User
from fixpoint.accounts.notices import notices_give
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task
from fixpoint.tasks.selectors import seeing
from fixpoint.teams.models import Member


def entrants_of(task: Task) -> QuerySet[User]:
    """Active people who entered it or are in a team there, and may look at it still; nobody twice."""
    entered = Submission.objects.filter(task=task).values("owner")
    members = Member.objects.filter(task=task).values("user")
    return seeing(User.objects.filter(Q(pk__in=entered) | Q(pk__in=members), is_active=True), task)


def entrants_tell(*, task: Task, subject: str, text: str) -> None:
    """Leave a notice with each of them, which a job mails; it leads to the task's page."""
    notices_give(to=entrants_of(task), subject=subject, text=text, path=f"/tasks/{task.slug}/")
