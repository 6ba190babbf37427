"""Uploads for a draft: which are begun, and how a whole one goes into it, as the wizard's plain form puts it there."""

from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fixpoint.accounts.models import User
from fixpoint.blobs.store import Stored
from fixpoint.figures import mib
from fixpoint.tasks.draft_files import (
    BASELINE,
    STEP_OF,
    DraftFullError,
    DraftOverError,
    UnreadableZipError,
    draft_file_take,
    draft_hold,
    expect_place,
    expect_zip,
)
from fixpoint.tasks.drafted import draft_for
from fixpoint.tasks.models import Baseline, Draft, DraftFile
from fixpoint.uploads.announced import Announced
from fixpoint.uploads.models import Upload
from fixpoint.uploads.refusals import UploadRefusedError
from fixpoint.uploads.terms import expect_large_enough, is_named_zip

NO_ZIP = gettext_noop(
    "This file does not begin as a zip does, whatever its name. Pack it again, and choose the new file."
)
_NONE = gettext_noop("There is no such draft of yours. Look for it where you make tasks, and begin there.")


def draft_of(text: str, owner: User) -> Draft:
    """The draft of this id, for whose it is, as long as files can be put into it."""
    try:
        draft = draft_for(owner, UUID(text))
    except (ValueError, Draft.DoesNotExist) as error:
        raise UploadRefusedError(HTTPStatus.NOT_FOUND, _(_NONE)) from error
    if draft.task_id:
        raise UploadRefusedError(HTTPStatus.FORBIDDEN, _("This draft is a task by now, whose files stay as they are."))
    return draft


def expect_draft_fit(file: Announced) -> None:
    """Raises where the file can be nothing that a draft keeps."""
    if file.field not in STEP_OF or file.role not in {"", *Baseline.Role.values}:
        detail = _("Say in Upload-Metadata which file of a draft this is. field: %(fields)s; role: %(roles)s.") % {
            "fields": ", ".join(STEP_OF),
            "roles": ", ".join(Baseline.Role.values),
        }
        raise UploadRefusedError(HTTPStatus.BAD_REQUEST, detail)
    if not is_named_zip(file):
        detail = _("'%(filename)s' is not named as a zip. Pack the images into a .zip and send that.")
        raise UploadRefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail % {"filename": file.filename})
    expect_large_enough(file)
    if file.length > settings.MAX_BODY_BYTES:
        detail = _("The file has %(length)s; at most %(most)s are taken. Leave out images, or make them smaller.") % {
            "length": mib(file.length),
            "most": mib(settings.MAX_BODY_BYTES),
        }
        raise UploadRefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)


def expect_draft_open(draft: Draft, field: str) -> None:
    """Lock it, in the transaction that is about to give it an upload for this field."""
    try:
        draft_hold(draft)
        if field == BASELINE:
            under_way = Upload.objects.filter(draft=draft, field=BASELINE, ended_at=None, draft_file=None)
            expect_place(draft, under_way=under_way.count())
    except DraftOverError as error:
        raise UploadRefusedError(HTTPStatus.NOT_FOUND, _(_NONE)) from error
    except DraftFullError as error:
        raise UploadRefusedError(HTTPStatus.FORBIDDEN, str(error)) from error


def expect_readable(upload: Upload, path: Path) -> None:
    """Raises, for good, where the whole file is no zip."""
    try:
        expect_zip(path, upload.filename or upload.name)
    except UnreadableZipError as error:
        raise UploadRefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, str(error), is_final=True) from error


def into_draft(
    upload: Upload, draft: Draft, path: Path, stored: Stored, taken: Callable[[DraftFile], None]
) -> DraftFile:
    """Move the whole file into the store and the draft."""
    try:
        return draft_file_take(
            draft=draft,
            field=upload.field,
            path=path,
            name=upload.filename or upload.name,
            title=upload.name,
            role=upload.role or Baseline.Role.BASELINE if upload.field == BASELINE else "",
            known=stored,
            taken=taken,
        )
    except DraftOverError as error:
        raise UploadRefusedError(HTTPStatus.NOT_FOUND, _(_NONE)) from error
    except DraftFullError as error:
        raise UploadRefusedError(HTTPStatus.FORBIDDEN, str(error), is_final=True) from error
