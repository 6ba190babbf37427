"""From the announcement of a file to the dataset that it becomes, once, whoever asks how often."""

import logging
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fixpoint.accounts.models import User
from fixpoint.blobs.store import path_identity
from fixpoint.datasets.daily import TooManyDatasetsError
from fixpoint.datasets.models import Dataset
from fixpoint.datasets.services import dataset_take
from fixpoint.datasets.storage import StorageFullError
from fixpoint.uploads.announced import Announced
from fixpoint.uploads.models import Upload
from fixpoint.uploads.part import Part, PartLockedError, part_size, parts_folder
from fixpoint.uploads.refusals import CHECKSUM_MISMATCH, UploadRefusedError, gone, storage_full, too_many_today
from fixpoint.uploads.terms import expect_fit, expect_open, expect_room, expect_storage_for, expect_today_for, task_of

log = logging.getLogger(__name__)

_REMEMBERED = timedelta(days=30)
"""So long an ended upload still leads to its dataset."""
_FORGOTTEN = timedelta(days=1)
"""So long one that was given up is still told as gone."""


@transaction.atomic
def upload_begin(*, owner: User, file: Announced) -> Upload:
    """Make a place for a file. UploadRefusedError says why not, before a byte of it is sent."""
    task = task_of(file.task, owner)
    expect_fit(file, task)
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)  # two at once would both find the last place free
    expect_today_for(owner)
    expect_room(owner, file.length)
    expect_storage_for(owner, task, file)
    return Upload.objects.create(
        owner=owner,
        task=task,
        length=file.length,
        name=file.name,
        filename=file.filename,
        enters=file.enters,
        sha256=file.sha256,
        fingerprint=file.fingerprint,
        metadata=file.metadata,
        expires_at=timezone.now() + timedelta(hours=settings.UPLOAD_HOURS),
    )


def upload_finish(*, upload: Upload, part: Part) -> Dataset:
    """Take a file of which every byte is there, as the plain form would. `part` is held, so nobody else does it now.

    The part stays until the dataset is in the database: killed at any moment, this can be done again.
    """
    upload.refresh_from_db()
    if upload.dataset:
        part.remove()
        return upload.dataset
    if upload.is_over:
        raise gone()
    expect_open(upload.task)
    expect_today_for(upload.owner)  # before the file is read for its identity
    stored = path_identity(part.path)
    if upload.sha256 and upload.sha256 != stored.sha256:
        upload_give_up(upload=upload, part=part)
        detail = _(
            "What arrived has the sha256 %(sha256)s, announced was %(announced)s: the file changed "
            "while it was sent, or was damaged on the way. Nothing was kept: send it again."
        ) % {"sha256": stored.sha256, "announced": upload.sha256}
        raise UploadRefusedError(CHECKSUM_MISMATCH, detail)
    path = part.second_name()
    try:
        dataset = dataset_take(
            owner=upload.owner,
            task=upload.task,
            name=upload.name,
            path=path,
            enters=upload.enters,
            known=stored,
            taken=partial(_become, upload),
        )
    except StorageFullError as error:
        raise storage_full(error) from error
    except TooManyDatasetsError as error:
        raise too_many_today(error) from error
    finally:
        path.unlink(missing_ok=True)  # what was refused was not moved
    part.remove()
    return dataset


def upload_give_up(*, upload: Upload, part: Part) -> bool:
    """Forget an upload and delete what has arrived; False if it had become a dataset, or was over already."""
    ended = Upload.objects.filter(pk=upload.pk, ended_at=None).update(ended_at=timezone.now(), metadata="")
    part.remove()
    return ended == 1


def uploads_sweep() -> None:
    """Forget what has expired, take what is whole and was never taken, delete files that belong to nothing."""
    now = timezone.now()
    for upload in Upload.objects.filter(ended_at=None).select_related("owner", "task"):
        try:
            _sweep(upload)
        except (PartLockedError, UploadRefusedError) as error:
            log.info("The upload %s waits for the next round: %s", upload.pk, error)
        except Exception:
            log.exception("The upload %s could not be taken; the others go on.", upload.pk)
    _remove_strays()
    Upload.objects.filter(ended_at__lt=now - _REMEMBERED).delete()
    Upload.objects.filter(dataset=None, ended_at__lt=now - _FORGOTTEN).delete()


def _sweep(upload: Upload) -> None:
    if upload.is_over:
        with Part(upload.pk) as part:
            upload_give_up(upload=upload, part=part)
    elif part_size(upload.pk) == upload.length:
        with Part(upload.pk) as part:
            upload_finish(upload=upload, part=part)


def _remove_strays() -> None:
    files = list(parts_folder().iterdir())  # listed first: no row is younger than its file
    wanted = set(Upload.objects.filter(ended_at=None).values_list("pk", flat=True))
    for path in files:
        if _owner_of(path) not in wanted:
            path.unlink(missing_ok=True)


def _owner_of(path: Path) -> UUID | None:
    try:
        return UUID(path.stem)
    except ValueError:
        return None


def _become(upload: Upload, dataset: Dataset) -> None:
    """In the transaction that creates the dataset: an upload becomes one, or none is created."""
    ended = Upload.objects.filter(pk=upload.pk, ended_at=None).update(dataset=dataset, ended_at=timezone.now())
    if ended != 1:
        raise gone()
