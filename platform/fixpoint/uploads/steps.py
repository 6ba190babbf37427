"""What a request of the protocol does with rows and files: plain steps, each run in a thread."""

from http import HTTPStatus
from uuid import UUID

from django.utils.translation import gettext as _

from fixpoint.accounts.models import User
from fixpoint.datasets.models import Dataset
from fixpoint.figures import whole
from fixpoint.uploads import answers
from fixpoint.uploads.answers import Answer
from fixpoint.uploads.models import Upload
from fixpoint.uploads.part import Part, part_size
from fixpoint.uploads.refusals import UploadRefusedError, gone
from fixpoint.uploads.selectors import upload_for
from fixpoint.uploads.services import upload_finish, upload_give_up

_END = ["dataset", "draft_file", "ended_at"]
"""Columns that tell how an upload ended."""


def upload_asked(person: User, upload_id: UUID, *, is_program: bool) -> Upload:
    """This person's upload, or a refusal that looks the same for what is not theirs and for what is not there.

    For a program, which bears a token, those for drafts are not there.
    """
    try:
        return upload_for(person, upload_id, with_drafts=not is_program)
    except Upload.DoesNotExist as error:
        detail = _("There is no such upload of yours. Begin a new one.")
        raise UploadRefusedError(HTTPStatus.NOT_FOUND, detail) from error


def upload_told(upload: Upload) -> Answer | None:
    """Told is what would outlive a power cut. None where it is whole and not taken yet: it is to be taken first."""
    if upload.is_taken:
        return answers.told(upload, upload.length)
    if upload.is_over:
        raise gone()
    size = part_size(upload.pk)
    if size != upload.length and _is_taken_by_now(upload):  # between the look at its row and the look at its file
        return answers.told(upload, upload.length)
    return None if size == upload.length else answers.told(upload, size)


def upload_discarded(upload: Upload) -> Answer:
    """Give it up, unless it was taken."""
    with Part(upload.pk) as part:
        if not upload_give_up(upload=upload, part=part) and _is_taken_by_now(upload):
            raise _taken(upload)
    return answers.discarded()


def place_of(upload: Upload, part: Part, offset: int, body_bytes: int) -> int:
    """Where the file ends now, if the body may go on there. Asked again with the file held: it may have ended."""
    upload.refresh_from_db(fields=_END)
    size = upload.length if upload.is_taken else part.size
    if upload.is_over:
        part.remove()
        if not upload.is_taken:
            raise gone()
    if offset != size:
        detail = _("%(size)s bytes have arrived, so that the next piece begins there and not at %(offset)s.") % {
            "size": whole(size),
            "offset": whole(offset),
        }
        raise UploadRefusedError(HTTPStatus.CONFLICT, detail, offset=size)
    if offset + body_bytes > upload.length:
        detail = _("This is more than the %(length)s bytes that were announced. Nothing of it was kept.") % {
            "length": whole(upload.length)
        }
        raise UploadRefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, offset=size)
    return size


def _is_taken_by_now(upload: Upload) -> bool:
    upload.refresh_from_db(fields=_END)
    return upload.is_taken


def _taken(upload: Upload) -> UploadRefusedError:
    if upload.dataset_id:
        detail = _("This upload has become a dataset; cancel that on its own page.")
    else:
        detail = _("This upload is in the draft by now; remove it there.")
    return UploadRefusedError(HTTPStatus.CONFLICT, detail)


def upload_whole(upload: Upload, part: Part) -> None:
    """Every byte is there: let it become what it was sent for."""
    became = upload_finish(upload=upload, part=part)
    if isinstance(became, Dataset):
        upload.dataset = became
    else:
        upload.draft_file = became
