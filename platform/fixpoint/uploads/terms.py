"""What an upload must be to be begun: all that can be said before the first byte is sent."""

import shutil
from http import HTTPStatus

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fixpoint.accounts.models import User
from fixpoint.accounts.pace import TooFastError, pace_expect
from fixpoint.datasets.daily import TooManyDatasetsError, expect_another_today
from fixpoint.datasets.storage import StorageFullError, expect_storage
from fixpoint.figures import mib
from fixpoint.tasks.models import Task
from fixpoint.tasks.selectors import tasks_for, tasks_open
from fixpoint.uploads.announced import Announced
from fixpoint.uploads.models import Upload
from fixpoint.uploads.part import part_bytes, parts_folder
from fixpoint.uploads.refusals import UploadRefusedError, storage_full, too_fast, too_many_today
from fixpoint.uploads.selectors import bytes_of, uploads_open

SMALLEST_ZIP = 22
"""Bytes of a zip without any file in it."""
_WHEN_ONE_MAY_BE_OVER = 60


def task_of(slug: str, owner: User) -> Task:
    """The open task of this name, if this person may look at it; without a name the only one that is open."""
    if not slug:
        tasks = list(tasks_open(owner)[:2])
        if len(tasks) == 1:
            return tasks[0]
        detail = _(
            "Say for which task this is: task in Upload-Metadata, its slug in Base64; ?task= in the form's address."
        )
        raise UploadRefusedError(HTTPStatus.BAD_REQUEST, detail)
    task = tasks_for(owner).filter(slug=slug).first()
    if task is None:
        raise UploadRefusedError(
            HTTPStatus.NOT_FOUND, _("There is no task '%(slug)s'. Take its slug from its address.") % {"slug": slug}
        )
    expect_open(task)
    return task


def expect_open(task: Task) -> None:
    """Raises where the task takes no datasets now."""
    if not task.takes_entries:
        raise UploadRefusedError(
            HTTPStatus.FORBIDDEN, _("%(title)s takes no datasets now: it is not open.") % {"title": task.title}
        )


def expect_fit(file: Announced, task: Task) -> None:
    """Raises where the file can be nothing that this task takes."""
    if not is_named_zip(file):
        detail = _(
            "'%(filename)s' is not named as a zip. Pack the folders train and val into a .zip and send that."
        ) % {"filename": file.filename}
        raise UploadRefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail)
    expect_large_enough(file)
    if file.length > task.max_archive_bytes:
        detail = _(
            "The file has %(length)s; %(title)s takes at most %(most)s. Leave out images, or make them smaller."
        ) % {"length": mib(file.length), "title": task.title, "most": mib(task.max_archive_bytes)}
        raise UploadRefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)


def is_named_zip(file: Announced) -> bool:
    """Whether the file's name, where it is told, ends as a zip's does."""
    return not file.filename or file.filename.lower().endswith(".zip")


def expect_large_enough(file: Announced) -> None:
    """Raises where the file is too small to be a zip."""
    if file.length < SMALLEST_ZIP:
        detail = _("The file has %(length)s bytes; the smallest zip has %(smallest)s. Choose the right file.") % {
            "length": file.length,
            "smallest": SMALLEST_ZIP,
        }
        raise UploadRefusedError(HTTPStatus.BAD_REQUEST, detail)


def expect_room(owner: User, length: int, *, copies: int = 1) -> None:
    """Raises where this person has begun too much, or the disk could not take it, so often as it will lie there."""
    if uploads_open(owner).count() >= settings.MAX_UPLOADS:
        raise _too_much(
            ngettext(
                "You have %(count)s unfinished upload, and no more are kept.",
                "You have %(count)s unfinished uploads, and no more are kept.",
                settings.MAX_UPLOADS,
            )
            % {"count": settings.MAX_UPLOADS}
        )
    bytes_begun = bytes_of(uploads_open(owner))
    if bytes_begun + length > settings.MAX_UPLOADS_BYTES:
        most = mib(settings.MAX_UPLOADS_BYTES)
        raise _too_much(
            _("Your unfinished uploads and this one make %(size)s, of %(most)s at most.")
            % {"size": mib(bytes_begun + length), "most": most}
        )
    if _free_bytes() < copies * length:
        detail = _("The site's disk has no room for this file now. Try again later, and tell the organizers.")
        raise UploadRefusedError(HTTPStatus.INSUFFICIENT_STORAGE, detail)


def expect_storage_for(owner: User, task: Task, file: Announced) -> None:
    """Raises where this person's datasets take too much of the store to keep this one too."""
    try:
        expect_storage(owner, task, more=file.length, sha256=file.sha256)
    except StorageFullError as error:
        raise storage_full(error) from error


def expect_today_for(owner: User) -> None:
    """Raises where this person has handed in as many datasets as a day may have."""
    try:
        expect_another_today(owner)
    except TooManyDatasetsError as error:
        raise too_many_today(error) from error


def expect_pace_of(owner: User) -> None:
    """Raises where this person begins one upload after the other, whatever becomes of them."""
    try:
        pace_expect(kind="upload", who=f"person-{owner.pk}")
    except TooFastError as error:
        raise too_fast(error) from error


def _free_bytes() -> int:
    """Of the disk, less what is kept for the rest of the site and what all unfinished uploads still have to send."""
    begun = Upload.objects.filter(ended_at=None).values_list("pk", "length")
    to_come = sum(length - part_bytes(pk) for pk, length in begun)
    return shutil.disk_usage(parts_folder()).free - settings.UPLOAD_RESERVE_BYTES - to_come


def _too_much(detail: str) -> UploadRefusedError:
    advice = _("Complete one, or discard one at /uploads/.")
    return UploadRefusedError(HTTPStatus.TOO_MANY_REQUESTS, f"{detail} {advice}", again_in=_WHEN_ONE_MAY_BE_OVER)
