"""Reading tasks."""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from fixpoint.accounts.models import User
from fixpoint.dispatch.models import Worker
from fixpoint.dispatch.registry import is_taking
from fixpoint.recipes import retired_digests
from fixpoint.statements.asking import Later
from fixpoint.statements.selects import Kept
from fixpoint.tasks.models import HiddenImage, Material, Participant, Task
from fixpoint.tasks.running import runs, tasks_run_by
from worker.contract import Kind


def tasks_for(user: User | AnonymousUser) -> QuerySet[Task]:
    """Tasks that this person may look at.

    A draft, an archived one, or one that is not ready or will not be, is there for who runs it alone; a private one
    for whom its organizers have let in, too.
    """
    is_shown = ~Q(status__in=Task.UNREADY) & Q(published_at__isnull=False, archived_at=None)
    is_for_user = ~Q(visibility=Task.Visibility.PRIVATE) | Q(pk__in=_let_in(user))
    return Task.objects.filter((is_shown & is_for_user) | Q(pk__in=tasks_run_by(user).values("pk")))


def sees(user: User | AnonymousUser, task: Task) -> bool:
    """Whether this task is one of those; of a public one without asking who it is."""
    return task.is_public or (task.is_shown and _let_in(user).filter(task=task).exists()) or runs(user, task)


def seeing(people: QuerySet[User], task: Task) -> QuerySet[User]:
    """Of these people those who may look at it."""
    if task.is_public:
        return people
    runners = Q(is_superuser=True) | Q(pk__in=task.organizers.values("pk"), role=User.Role.ORGANIZER)
    if not task.organizers.exists():
        runners |= Q(role=User.Role.ORGANIZER)
    let_in = task.participants.filter(state=Participant.State.IN) if task.is_shown else Participant.objects.none()
    return people.filter(runners | Q(pk__in=let_in.values("user")))


def materials_spoilt(task: Task) -> QuerySet[Material]:
    """Zips of its organizers for which it does not open, however long one waits."""
    return task.materials.filter(status__in=Material.SPOILT)


def task_for(user: User | AnonymousUser, slug: str) -> Task:
    """One of those tasks, else Task.DoesNotExist; read by a statement that is put together once, as boards do it often.

    `user` is looked at only where the task is not there for everybody.
    """
    found = next(iter(Task.objects.raw(_one_task(), [slug])), None)
    if found is None or not sees(user, found):
        raise Task.DoesNotExist
    return found


def tasks_open(user: User | AnonymousUser | None = None) -> QuerySet[Task]:
    """Tasks that run now, paused ones too, newest first: those on everybody's list, and `user`'s private ones."""
    return _listed(user).filter(_is_running())


def tasks_upcoming(user: User | AnonymousUser | None = None) -> QuerySet[Task]:
    """Of the same those that are ready and open later, the next one first."""
    is_to_come = Q(status=Task.Status.OPEN, opens_at__gt=timezone.now())
    return _listed(user).filter(is_to_come, ~_is_retired()).order_by("opens_at")


def tasks_closed(user: User | AnonymousUser | None = None) -> QuerySet[Task]:
    """Of the same those that are over, closed by a person, by their date, or because their recipe is retired."""
    return _listed(user).filter(_is_over())


def tasks_over() -> QuerySet[Task]:
    """All that are over, whoever may look at them."""
    return Task.objects.filter(_is_over(), published_at__isnull=False)


def queues_unserved() -> list[str]:
    """Queues in which jobs of tasks that take entries would wait, and whose jobs nobody takes now."""
    late = tasks_over().filter(~_is_retired(), takes_late=True, archived_at=None)
    running = Task.objects.filter(_is_running(), archived_at=None)
    wanted = {task.queue(kind) for task in (*running, *late) for kind in Kind}
    workers = list(Worker.objects.all())
    return sorted(queue for queue in wanted if not any(is_taking(each, queue) for each in workers))


def hidden_material(task: Task) -> Material:
    """The task's hidden test set."""
    return _HIDDEN.one(task=task.pk)


_HIDDEN = Kept(lambda: Material.objects.filter(task=Later("task"), role=Material.Role.HIDDEN))


@dataclass(frozen=True)
class HiddenTruth:
    """Labels and sides [N] of a task's hidden images by their numbers."""

    labels: npt.NDArray[np.int64]
    is_public: npt.NDArray[np.bool_]


@lru_cache(maxsize=64)
def hidden_truth(task_id: UUID) -> HiddenTruth:
    """What the platform alone knows of the hidden images; it is written with the task and never changes."""
    rows = list(HiddenImage.objects.filter(task=task_id).order_by("number").values_list("label", "is_public"))
    labels = np.array([label for label, _ in rows], dtype=np.int64)
    is_public = np.array([public for _, public in rows], dtype=np.bool_)
    labels.flags.writeable = is_public.flags.writeable = False
    return HiddenTruth(labels, is_public)


def label_book_sheet(task: Task) -> str:
    """The sha256 of the label book's contact sheet, "" where there is none (yet)."""
    book = task.materials.filter(role=Material.Role.LABEL_BOOK).first()
    return book.sheet_sha256 if book else ""


def label_book(task: Task) -> Material | None:
    """The label book, if its images can be looked at one by one."""
    books = task.materials.filter(role=Material.Role.LABEL_BOOK, status=Material.Status.READY)
    return books.exclude(thumbnails_sha256="").exclude(manifest_sha256="").first()


@cache
def _one_task() -> str:
    quoted = connection.ops.quote_name
    columns = ", ".join(quoted(field.column) for field in Task._meta.concrete_fields)  # noqa: SLF001 Django's documented name
    return f"SELECT {columns} FROM {quoted(Task._meta.db_table)} WHERE slug = %s"  # noqa: S608, SLF001 names of our own columns


def _let_in(user: User | AnonymousUser) -> QuerySet[Participant, Any]:
    """Of private tasks those that this person was let into."""
    theirs = Participant.objects.filter(user=user.pk, state=Participant.State.IN)
    return (theirs if user.is_authenticated else Participant.objects.none()).values("task")


def _listed(user: User | AnonymousUser | None) -> QuerySet[Task]:
    """Published, and on this person's lists; without one on everybody's."""
    is_listed = Q(visibility=Task.Visibility.PUBLIC)
    if user is not None:
        is_listed |= Q(visibility=Task.Visibility.PRIVATE, pk__in=_let_in(user))
    return Task.objects.filter(is_listed, published_at__isnull=False, archived_at=None)


def _is_running() -> Q:
    now = timezone.now()
    has_begun = Q(opens_at=None) | Q(opens_at__lte=now)
    goes_on = Q(closes_at=None) | Q(closes_at__gt=now)
    return has_begun & goes_on & ~_is_retired() & Q(status=Task.Status.OPEN)


def _is_over() -> Q:
    is_over = Q(closes_at__lte=timezone.now()) | _is_retired()
    return Q(status=Task.Status.CLOSED) | (is_over & Q(status=Task.Status.OPEN))


def _is_retired() -> Q:
    return Q(recipe_digest__in=retired_digests())
