"""Handing in another label book, written down as an act."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from fixpoint.accounts.models import User
from fixpoint.blobs.arriving import file_write, taking_folder
from fixpoint.organizing.acts import What, act_record
from fixpoint.tasks.mending import book_replace
from fixpoint.tasks.models import Task


def label_book_replace(*, task: Task, file: UploadedFile, who: User) -> None:
    """Put a form's zip into the place of the one that could not be packed. Raises as `book_replace`."""
    with taking_folder() as folder:
        path = file_write(file, folder / "archive.zip")
        with transaction.atomic():
            book_replace(task=task, path=path, who=who.username)
            act_record(who=who, task=task, what=What.SETTINGS, details={"label_book": str(file.name)})
