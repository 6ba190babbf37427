"""From the announcement of a file to what it becomes, a dataset or a draft's file, once, whoever asks how often."""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fixpoint.accounts.models import User
from fixpoint.blobs.store import path_identity
from fixpoint.datasets.models import Dataset
from fixpoint.tasks.draft_files import BASELINE
from fixpoint.tasks.models import DraftFile
from fixpoint.uploads.announced import Announced
from fixpoint.uploads.into_drafts import draft_of, expect_draft_fit, expect_draft_open, expect_readable, into_draft
from fixpoint.uploads.into_tasks import into_task
from fixpoint.uploads.models import Upload
from fixpoint.uploads.part import Part, PartLockedError, part_size, parts_folder
from fixpoint.uploads.refusals import CHECKSUM_MISMATCH, UploadRefusedError, gone
from fixpoint.uploads.terms import expect_fit, expect_open, expect_room, expect_storage_for, expect_today_for, task_of

log = logging.getLogger(__name__)

_REMEMBERED = timedelta(days=30)
"""So long an ended upload still leads to what it became, at most as long as that is there."""
_FORGOTTEN = timedelta(days=1)
"""So long one that was given up is still told as gone."""


@transaction.atomic
def upload_begin(*, owner: User, file: Announced) -> Upload:
    """Make a place for a file. UploadRefusedError says why not, before a byte of it is sent."""
    return _begun_for_draft(owner, file) if file.draft else _begun_for_task(owner, file)


def _begun_for_task(owner: User, file: Announced) -> Upload:
    task = task_of(file.task, owner)
    expect_fit(file, task)
    _hold(owner)
    expect_today_for(owner)
    expect_room(owner, file.length)
    expect_storage_for(owner, task, file)
    return _created(owner, file, task=task, enters=file.enters)


def _begun_for_draft(owner: User, file: Announced) -> Upload:
    draft = draft_of(file.draft, owner)
    expect_draft_fit(file)
    _hold(owner)
    expect_room(owner, file.length)
    expect_draft_open(draft, file.field)
    return _created(owner, file, draft=draft, field=file.field, role=file.role if file.field == BASELINE else "")


def _hold(owner: User) -> None:
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)  # two at once would both find the last place free


def _created(owner: User, file: Announced, **target: Any) -> Upload:
    return Upload.objects.create(
        owner=owner,
        length=file.length,
        name=file.name,
        filename=file.filename,
        sha256=file.sha256,
        fingerprint=file.fingerprint,
        metadata=file.metadata,
        expires_at=timezone.now() + timedelta(hours=settings.UPLOAD_HOURS),
        **target,
    )


def upload_finish(*, upload: Upload, part: Part) -> Dataset | DraftFile:
    """Take a file of which every byte is there, as the plain form would. `part` is held, so nobody else does it now.

    The part stays until what it became is in the database: killed at any moment, this can be done again.
    """
    upload.refresh_from_db()
    if taken := upload.dataset or upload.draft_file:
        part.remove()
        return taken
    if upload.is_over:
        raise gone()
    try:
        became = _taken(upload, part)
    except UploadRefusedError as refusal:
        if refusal.is_final:
            upload_give_up(upload=upload, part=part)
        raise
    part.remove()
    return became


def _taken(upload: Upload, part: Part) -> Dataset | DraftFile:
    take = _taking(upload, part)  # before the file is read for its identity
    stored = path_identity(part.path)
    if upload.sha256 and upload.sha256 != stored.sha256:
        detail = _(
            "What arrived has the sha256 %(sha256)s, announced was %(announced)s: the file changed "
            "while it was sent, or was damaged on the way. Nothing was kept: send it again."
        ) % {"sha256": stored.sha256, "announced": upload.sha256}
        raise UploadRefusedError(CHECKSUM_MISMATCH, detail, is_final=True)
    path = part.second_name()
    try:
        return take(path, stored, partial(_become, upload))
    finally:
        path.unlink(missing_ok=True)  # what was refused was not moved


def _taking(upload: Upload, part: Part) -> Callable[..., Dataset | DraftFile]:
    """What takes the whole file, if it may be taken now."""
    if upload.task:
        expect_open(upload.task)
        expect_today_for(upload.owner)
        return partial(into_task, upload, upload.task)
    draft = draft_of(str(upload.draft_id), upload.owner)
    expect_readable(upload, part.path)
    return partial(into_draft, upload, draft)


def upload_give_up(*, upload: Upload, part: Part) -> bool:
    """Forget an upload and delete what has arrived; False if it had become something, or was over already."""
    ended = Upload.objects.filter(pk=upload.pk, ended_at=None).update(ended_at=timezone.now(), metadata="")
    part.remove()
    return ended == 1


@transaction.atomic
def uploads_end(*, uploads: QuerySet[Upload]) -> None:
    """Give up all of these that are under way; whoever is sending one just now is told with the next piece."""
    ended = list(uploads.filter(ended_at=None).values_list("pk", flat=True))
    Upload.objects.filter(pk__in=ended, ended_at=None).update(ended_at=timezone.now(), metadata="")
    transaction.on_commit(partial(_remove_parts, ended))


def _remove_parts(uploads: Iterable[UUID]) -> None:
    for upload_id in uploads:
        try:
            with Part(upload_id) as part:
                part.remove()
        except PartLockedError:
            log.info("The file of the upload %s is held: the sweep deletes it.", upload_id)


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
    Upload.objects.filter(dataset=None, draft_file=None, ended_at__lt=now - _FORGOTTEN).delete()


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


def _become(upload: Upload, became: Dataset | DraftFile) -> None:
    """In the transaction that creates it: an upload becomes one thing, or nothing is created."""
    column = "dataset" if isinstance(became, Dataset) else "draft_file"
    ended = Upload.objects.filter(pk=upload.pk, ended_at=None).update(ended_at=timezone.now(), **{column: became})
    if ended != 1:
        raise gone()
