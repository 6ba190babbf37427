"""Reading uploads: whose they are, and how far they have come."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.utils import timezone

from fixpoint.accounts.models import User
from fixpoint.tasks.models import Task
from fixpoint.uploads.models import Upload
from fixpoint.uploads.part import part_size


@dataclass(frozen=True)
class Unfinished:
    """An upload that can be gone on with, and the bytes of it that have arrived."""

    upload: Upload
    arrived: int

    @property
    def percent(self) -> int:
        """Rounded down: 100 is whole."""
        return 100 * self.arrived // self.upload.length


def upload_for(user: User, upload_id: UUID, *, with_drafts: bool = True) -> Upload:
    """The upload, for its owner; Upload.DoesNotExist for everybody else, and without drafts for theirs."""
    uploads = Upload.objects.select_related("owner", "task")
    return uploads.get(pk=upload_id, owner=user, **({} if with_drafts else {"draft": None}))


def uploads_open(user: User) -> QuerySet[Upload]:
    """What this person has begun and neither completed nor discarded, newest first."""
    return Upload.objects.filter(owner=user, ended_at=None, expires_at__gt=timezone.now())


def bytes_announced(user: User, task: Task | None) -> int:
    """What this person's datasets that are on their way will take when they are whole, in this task or in all."""
    return bytes_of(uploads_open(user).filter(task=task) if task else uploads_open(user).filter(draft=None))


def bytes_of(uploads: QuerySet[Upload]) -> int:
    """Of all these files when they are whole."""
    return int(uploads.aggregate(total=Sum("length"))["total"] or 0)


def uploads_unfinished(user: User) -> list[Unfinished]:
    """The same, with what has arrived."""
    return [Unfinished(each, part_size(each.pk)) for each in uploads_open(user).select_related("task", "draft")]
