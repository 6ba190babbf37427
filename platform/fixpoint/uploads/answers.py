"""What the protocol answers, and how it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from django.conf import settings
from django.urls import reverse
from django.utils.http import http_date

from fixpoint.body_limit import Send
from fixpoint.uploads.asking import ALGORITHMS, VERSION
from fixpoint.uploads.models import Upload
from fixpoint.uploads.refusals import UploadRefusedError

EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"


@dataclass(frozen=True)
class Answer:
    """A status, headers, and a sentence for a person where something is wrong."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""


def terms() -> Answer:
    """What this server can."""
    told = {
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(min(settings.MAX_UPLOADS_BYTES, settings.MAX_BODY_BYTES)),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }
    return Answer(HTTPStatus.NO_CONTENT, told)


def begun(upload: Upload, offset: int = 0) -> Answer:
    """A new upload's address."""
    address = {"Location": reverse("upload_go", args=[upload.pk])}
    return Answer(HTTPStatus.CREATED, address | _place(upload, offset))


def taken(upload: Upload, offset: int) -> Answer:
    """How far it is, after a piece was taken."""
    return Answer(HTTPStatus.NO_CONTENT, _place(upload, offset))


def told(upload: Upload, offset: int) -> Answer:
    """How far it is, and what was said of it in the beginning."""
    known = {"Upload-Length": str(upload.length)}
    if upload.metadata:
        known["Upload-Metadata"] = upload.metadata
    return Answer(HTTPStatus.OK, _place(upload, offset) | known)


def discarded() -> Answer:
    """It is no more."""
    return Answer(HTTPStatus.NO_CONTENT)


def refused(refusal: UploadRefusedError) -> Answer:
    """Why not, and what to do."""
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    if refusal.offset is not None:
        headers["Upload-Offset"] = str(refusal.offset)
    if refusal.again_in is not None:
        headers["Retry-After"] = str(refusal.again_in)
    if refusal.status == HTTPStatus.PRECONDITION_FAILED:
        headers["Tus-Version"] = VERSION
    return Answer(refusal.status, headers, f"{refusal.detail}\n")


async def answer_send(answer: Answer, send: Send, *, is_head: bool) -> None:
    """Send it, with what every answer bears."""
    body = answer.text.encode()
    headers = {
        "Tus-Resumable": VERSION,
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        **answer.headers,
    }
    if answer.status != HTTPStatus.NO_CONTENT:
        headers["Content-Length"] = str(len(body))
    lines = [(name.lower().encode("ascii"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": int(answer.status), "headers": lines})
    await send({"type": "http.response.body", "body": b"" if is_head else body})


def _place(upload: Upload, offset: int) -> dict[str, str]:
    """`Fixpoint-Dataset` is the page of the dataset that the upload has become, `Fixpoint-Draft` that of its draft."""
    place = {"Upload-Offset": str(offset)}
    if upload.dataset_id:
        return place | {"Fixpoint-Dataset": reverse("dataset", args=[upload.dataset_id])}
    if upload.draft_file_id:
        return place | {"Fixpoint-Draft": reverse("draft", args=[upload.draft_id, upload.step])}
    return place | {"Upload-Expires": http_date(upload.expires_at.timestamp())}
