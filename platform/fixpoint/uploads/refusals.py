"""Why an upload, or a piece of it, is not taken: a status of the protocol and a sentence that says what to do."""

from http import HTTPStatus

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fixpoint.accounts.pace import TooFastError

CHECKSUM_MISMATCH = 460
"""The protocol's own status: what arrived is not what was announced."""
_AN_HOUR = 3600
"""A day passes by the hour: then an upload of yesterday's may be forgotten."""


class UploadRefusedError(Exception):
    """`offset` is told where the sender may go on from it; after a final one there is nothing to go on with.

    `again_in` seconds it would be taken, where that is known.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        offset: int | None = None,
        is_final: bool = False,
        again_in: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.again_in = again_in
        self.status = status
        self.detail = detail
        self.offset = offset
        self.is_final = is_final


def locked() -> UploadRefusedError:
    """Somebody else is writing."""
    detail = _("Another request is sending this upload just now, or is being checked. Ask again in some seconds.")
    return UploadRefusedError(HTTPStatus.LOCKED, detail)


def gone() -> UploadRefusedError:
    """Expired, or given up."""
    return UploadRefusedError(HTTPStatus.GONE, _("This upload has expired or was discarded. Begin a new one."))


def database_away() -> UploadRefusedError:
    """It may be back in a moment."""
    detail = _("The site's database does not answer. What has arrived is kept: go on later.")
    return UploadRefusedError(HTTPStatus.SERVICE_UNAVAILABLE, detail)


def storage_full(error: Exception) -> UploadRefusedError:
    """Its sender's own share of the store; what had arrived stays, so that it can be gone on with."""
    return UploadRefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, str(error))


def too_many_today(error: Exception) -> UploadRefusedError:
    """Its sender's own number for a day; what had arrived stays, and is taken when the day is over."""
    return UploadRefusedError(HTTPStatus.TOO_MANY_REQUESTS, str(error), again_in=_AN_HOUR)


def too_fast(error: TooFastError) -> UploadRefusedError:
    """Begun by a program that has lost its way, or by one that means harm."""
    says = ngettext(
        "You have begun too many uploads in a short time. Try again in %(again_in)s second.",
        "You have begun too many uploads in a short time. Try again in %(again_in)s seconds.",
        error.again_in,
    )
    detail = says % {"again_in": error.again_in}
    return UploadRefusedError(HTTPStatus.TOO_MANY_REQUESTS, detail, again_in=error.again_in)


def store_away() -> UploadRefusedError:
    """The bytes are here whole, and the store does not take them now."""
    detail = _("The store of files does not answer. What has arrived is kept and is taken as soon as it does.")
    return UploadRefusedError(HTTPStatus.SERVICE_UNAVAILABLE, detail)


def disk_full() -> UploadRefusedError:
    """A fault of ours, with a status of its own."""
    detail = _(
        "The site's disk is full; this is not your file's fault. What had arrived before is "
        "kept: go on with this upload later, and tell the organizers if it stays so."
    )
    return UploadRefusedError(HTTPStatus.INSUFFICIENT_STORAGE, detail)
