"""How much of the store a participant's zips may take, over all tasks and in one, and what is left of it."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Min, QuerySet, Sum
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from fixpoint.accounts.models import User
from fixpoint.datasets.models import Dataset
from fixpoint.tasks.models import Task

_UNITS = (("GiB", 2**30), ("MiB", 2**20))


class StorageFullError(Exception):
    """It may not be kept; the message says what is used, what the limit is and what to do."""


@dataclass(frozen=True)
class Room:
    """What one person keeps, in bytes: each zip once, none that we failed to read, and what is on its way.

    `deleted` is not part of `used`: it goes from `returns_at` on, if ever, or comes back; `scope` ends "of the … that".
    """

    used: int
    deleted: int
    limit: int
    scope: str
    returns_at: datetime | None = None

    @property
    def left(self) -> int:
        """Never less than nothing."""
        return max(0, min(self.limit - self.used, 2 * self.limit - self.used - self.deleted))


def rooms_of(owner: User, task: Task) -> list[Room]:
    """The limits that hold for this person in this task; none for organizers."""
    overall = room_of(owner)
    rooms = [overall] if overall else []
    if task.max_storage_bytes and not owner.is_organizer:
        scope = _("a person may keep in %(task)s") % {"task": task.title}
        rooms.append(_room(owner, task, task.max_storage_bytes, scope))
    return rooms


def room_of(owner: User) -> Room | None:
    """The limit over all tasks, if one holds for this person."""
    if owner.is_organizer or not settings.STORAGE_BYTES_PER_PERSON:
        return None
    return _room(owner, None, settings.STORAGE_BYTES_PER_PERSON, _("a person may keep here"))


def expect_storage(owner: User, task: Task, *, more: int = 0, sha256: str = "") -> None:
    """StorageFullError where so many bytes more are too many. A zip that is kept already takes none."""
    kept = Dataset.objects.filter(owner=owner, archive_freed_at=None, deleted_at=None, archive_sha256=sha256)
    if sha256 and kept.exists():
        return
    for room in rooms_of(owner, task):
        if room.used + more > room.limit:
            told = {"size": _told(room.used + more), "limit": _told(room.limit), "scope": room.scope}
            full = _(
                "With it your datasets and unfinished uploads would take %(size)s of the %(limit)s that %(scope)s. "
                "Delete datasets that you no longer need, each on its own page or from My logbook (/me/), or discard "
                "unfinished uploads (/uploads/). If scores rest on all of them, ask the organizers for more room."
            )
            raise StorageFullError(full % told)
        if room.used + room.deleted + more > 2 * room.limit and room.deleted:
            told = {"size": _told(room.deleted), "limit": _told(room.limit), "scope": room.scope}
            full = _(
                "Datasets that you deleted still take %(size)s, as they can be restored, and with it all that is yours "
                "would take more than twice the %(limit)s that %(scope)s."
            )
            raise StorageFullError(f"{full % told} {_wait(room)}")


def _room(owner: User, task: Task | None, limit: int, scope: str) -> Room:
    charged = _of(owner, task).filter(deleted_at=None).exclude(status=Dataset.Status.ERROR)
    gone = _of(owner, task).filter(deleted_at__isnull=False)
    gone = gone.exclude(archive_sha256__in=charged.values("archive_sha256"))
    first = gone.aggregate(first=Min("deleted_at"))["first"]
    return Room(
        used=_sum(charged) + import_string(settings.STORAGE_ANNOUNCED)(owner, task),
        deleted=_sum(gone) if first else 0,
        limit=limit,
        scope=scope,
        returns_at=Dataset(deleted_at=first).restorable_until,
    )


def _of(owner: User, task: Task | None) -> QuerySet[Dataset]:
    kept = Dataset.objects.filter(owner=owner, archive_freed_at=None).order_by()
    return kept.filter(task=task) if task else kept


def _sum(datasets: QuerySet[Dataset]) -> int:
    once = datasets.values("archive_sha256", "archive_bytes").distinct()
    return int(once.aggregate(total=Sum("archive_bytes"))["total"] or 0)


def _wait(room: Room) -> str:
    if room.returns_at is None:
        return _("They are kept for ever here: ask the organizers.")
    return _("The first of them goes on %(day)s.") % {"day": f"{room.returns_at:%Y-%m-%d}"}


def _told(size: int) -> str:
    unit, bytes_each = next((each for each in _UNITS if size >= each[1]), _UNITS[-1])
    return f"{size / bytes_each:,.1f} {unit}"
