"""An organizer's files for a draft, begun and finished without a server between."""

from collections.abc import Callable

from fixpoint.accounts.models import User
from fixpoint.tasks.models import Draft
from fixpoint.uploads.announced import Announced
from fixpoint.uploads.models import Upload
from fixpoint.uploads.part import Part
from fixpoint.uploads.services import upload_begin, upload_finish
from tests.support.bundles import hidden_files
from tests.support.platform import zip_of

DATA = zip_of(hidden_files())
Begin = Callable[..., Upload]


def beginning(draft: Draft, organizer: User) -> Begin:
    """Begins an upload for the draft, its hidden test set unless told, of which so much has arrived."""

    def begun(*, owner: User = organizer, data: bytes = DATA, arrived: int | None = None, **told: str) -> Upload:
        facts = {"draft": str(draft.pk), "field": "hidden_test", "filename": "hidden.zip", "name": "hidden"} | told
        upload = upload_begin(owner=owner, file=Announced(length=len(data), **facts))  # type: ignore[arg-type]
        with Part(upload.pk) as part:
            part.append(data[:arrived])
        return upload

    return begun


def finish(upload: Upload) -> None:
    """As the last piece does."""
    with Part(upload.pk) as part:
        upload_finish(upload=upload, part=part)
