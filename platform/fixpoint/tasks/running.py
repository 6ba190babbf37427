"""Who runs a task: those whom it names among the organizers, or all of them where it names nobody."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from fixpoint.accounts.language import Words
from fixpoint.accounts.models import User
from fixpoint.accounts.notices import notices_give
from fixpoint.tasks.models import Task


def runs(user: User | AnonymousUser, task: Task) -> bool:
    """Whether this person may do with the task and with what was entered into it as its organizers may."""
    if not user.is_authenticated or not user.is_organizer:
        return False
    return user.is_superuser or tasks_run_by(user).filter(pk=task.pk).exists()


def tasks_run_by(user: User | AnonymousUser) -> QuerySet[Task]:
    """All that this person runs."""
    if not user.is_authenticated or not user.is_organizer:
        return Task.objects.none()
    if user.is_superuser:
        return Task.objects.all()
    named = Task.organizers.through.objects.filter(user=user).values("task")
    anybodys = ~Q(pk__in=Task.organizers.through.objects.values("task"))
    return Task.objects.filter(Q(pk__in=named) | anybodys)


def organizers_of(task: Task) -> QuerySet[User]:
    """Whom to tell what happens to it: those named, else everybody who runs tasks; active people alone."""
    organizers = User.objects.filter(Q(role=User.Role.ORGANIZER) | Q(is_superuser=True), is_active=True)
    named = organizers.filter(organized_tasks=task)
    return named if named.exists() else organizers


def runners_tell(*, task: Task, subject: Words, text: Words, path: str) -> None:
    """Tell all of them; `path` is the page that it is about."""
    notices_give(to=organizers_of(task), subject=subject, text=text, path=path)
