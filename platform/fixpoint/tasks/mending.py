"""Another label book for a task that did not open because of the one before."""

from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from fixpoint.blobs.store import blob_take
from fixpoint.states import status_change
from fixpoint.tasks.bundle_problems import BundleError
from fixpoint.tasks.from_bundle import bundle_of
from fixpoint.tasks.material_checks import file_problems_of
from fixpoint.tasks.models import Material, Task
from fixpoint.tasks.selectors import materials_spoilt
from fixpoint.tasks.services import TaskNotReadyError, material_send


def book_replace(*, task: Task, path: Path, who: str) -> None:
    """Move a zip of this disk into the place of the label book that could not be packed, and have it packed.

    BundleError with what is wrong with it; TaskNotReadyError where there is none to replace.
    """
    with path.open("rb") as file:
        if problems := file_problems_of(("label_book",), _("Label book"), file, bundle_of(task)):
            raise BundleError(problems)
    stored = blob_take(path)
    with transaction.atomic():
        task.refresh_from_db(from_queryset=Task.objects.select_for_update())
        book = materials_spoilt(task).filter(role=Material.Role.LABEL_BOOK).first()
        if book is None:
            raise TaskNotReadyError(_("There is no label book to replace: it was packed, or is being packed now."))
        attempt = book.attempt + 1
        values = {"attempt": attempt, "first_attempt": attempt, "archive_sha256": stored.sha256, "reason": ""}
        status_change(book, to="ingesting", why="another zip was handed in", who=who, **values)
        if task.status == Task.Status.ERROR and not materials_spoilt(task).exists():
            task.status = Task.Status.PREPARING
            task.save(update_fields=["status"])
        material_send(book)
