"""Reading drafts: whose they are, and who has them still."""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from fixpoint.accounts.models import User
from fixpoint.tasks.models import Draft
from fixpoint.tasks.running import tasks_run_by


def drafts_of(user: User) -> QuerySet[Draft]:
    """A person's own, the last one touched first; those that became tasks too, as long as this person runs them."""
    return drafts_all(user).filter(deleted_at=None).select_related("task")


def drafts_all(user: User) -> QuerySet[Draft]:
    """The deleted ones among them."""
    return Draft.objects.filter(Q(task=None) | Q(task__in=tasks_run_by(user).values("pk")), owner=user)


def draft_for(user: User | AnonymousUser, draft_id: UUID) -> Draft:
    """A person's own draft, if this person may make tasks, and runs the one it became; else Draft.DoesNotExist."""
    if not user.is_authenticated or not user.is_organizer:
        raise Draft.DoesNotExist
    return drafts_of(user).get(pk=draft_id)
