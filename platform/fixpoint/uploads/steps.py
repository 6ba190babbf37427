"""What a request of the protocol does with rows and files: plain steps, each run in a thread."""

from http import HTTPStatus
from uuid import UUID

from django.utils.translation import gettext as _

from fixpoint.accounts.models import User
from fixpoint.figures import whole
from fixpoint.uploads import answers
from fixpoint.uploads.answers import Answer
from fixpoint.uploads.models import Upload
from fixpoint.uploads.part import Part, part_size
from fixpoint.uploads.refusals import UploadRefusedError, gone
from fixpoint.uploads.selectors import upload_for
from fixpoint.uploads.services import upload_finish, upload_give_up


def upload_asked(person: User, upload_id: UUID) -> Upload:
    """This person's upload, or a refusal that looks the same for what is not theirs and for what is not there."""
    try:
        return upload_for(person, upload_id)
    except Upload.DoesNotExist as error:
        detail = _("There is no such upload of yours. Begin a new one.")
        raise UploadRefusedError(HTTPStatus.NOT_FOUND, detail) from error


def upload_told(upload: Upload) -> Answer | None:
    """Told is what would outlive a power cut. None where it is whole and no dataset yet: it is to become one first."""
    if upload.dataset_id:
        return answers.told(upload, upload.length)
    if upload.is_over:
        raise gone()
    size = part_size(upload.pk)
    if size != upload.length and _has_become(upload):  # between the look at its row and the look at its file
        return answers.told(upload, upload.length)
    return None if size == upload.length else answers.told(upload, size)


def upload_discarded(upload: Upload) -> Answer:
    """Give it up; what has become a dataset is that dataset's."""
    with Part(upload.pk) as part:
        if not upload_give_up(upload=upload, part=part) and _has_become(upload):
            detail = _("This upload has become a dataset; cancel that on its own page.")
            raise UploadRefusedError(HTTPStatus.CONFLICT, detail)
    return answers.discarded()


def place_of(upload: Upload, part: Part, offset: int, body_bytes: int) -> int:
    """Where the file ends now, if the body may go on there. Asked again with the file held: it may have ended."""
    upload.refresh_from_db(fields=["dataset", "ended_at"])
    size = upload.length if upload.dataset_id else part.size
    if upload.is_over:
        part.remove()
        if not upload.dataset_id:
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


def _has_become(upload: Upload) -> bool:
    upload.refresh_from_db(fields=["dataset", "ended_at"])
    return upload.dataset_id is not None


def upload_whole(upload: Upload, part: Part) -> None:
    """Every byte is there: let it become a dataset."""
    upload.dataset = upload_finish(upload=upload, part=part)
