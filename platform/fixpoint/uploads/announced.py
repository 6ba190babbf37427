"""What a client says of a file before it sends it: its length, and the protocol's metadata in our words."""

import base64
import re
from dataclasses import dataclass
from http import HTTPStatus

from django.utils.translation import gettext as _

from fixpoint.figures import whole
from fixpoint.uploads.refusals import UploadRefusedError

MOST_METADATA = 4096
"""Characters of the header."""
_SHA256 = re.compile(r"[0-9a-f]{64}")
_YES = {"1", "true", "yes", "on"}


@dataclass(frozen=True)
class Announced:
    """`task` is a slug, "" where there is but one; `metadata` is the header as it came.

    For a draft: `draft` is its id, `field` which of its files; of a baseline `name` is the title, `role` the role.
    """

    length: int
    task: str = ""
    name: str = ""
    filename: str = ""
    fingerprint: str = ""
    sha256: str = ""
    enters: bool = False
    metadata: str = ""
    draft: str = ""
    field: str = ""
    role: str = ""


def announced(length: int, header: str) -> Announced:
    """Read `Upload-Metadata`: what Announced has; other keys are kept and not read."""
    if len(header) > MOST_METADATA:
        raise _bad(
            _("Upload-Metadata is longer than the %(most)s characters that are taken: say less.")
            % {"most": whole(MOST_METADATA)}
        )
    told = dict(_pair(each) for each in header.split(",") if each.strip())
    sha256 = told.get("sha256", "").lower()
    if sha256 and not _SHA256.fullmatch(sha256):
        raise _bad(_("The sha256 in Upload-Metadata must be 64 hexadecimal digits, as sha256sum prints them."))
    filename = told.get("filename", "")[:255]
    return Announced(
        length=length,
        task=told.get("task", ""),
        name=(told.get("name") or filename.removesuffix(".zip") or "upload")[:120],
        filename=filename,
        fingerprint=told.get("fingerprint", "")[:255],
        sha256=sha256,
        enters=told.get("enters", "").lower() in _YES,
        metadata=header,
        draft=told.get("draft", ""),
        field=told.get("field", ""),
        role=told.get("role", ""),
    )


def _pair(text: str) -> tuple[str, str]:
    key, __, value = text.strip().partition(" ")
    try:
        told = base64.b64decode(value.strip(), validate=True).decode()
    except ValueError as error:
        raise _bad(
            _("The value of %(key)s in Upload-Metadata is not UTF-8 in Base64.") % {"key": f"{key!r}"}
        ) from error
    if "\0" in told:
        raise _bad(_("The value of %(key)s in Upload-Metadata holds a NUL.") % {"key": f"{key!r}"})
    return key, told


def _bad(detail: str) -> UploadRefusedError:
    return UploadRefusedError(HTTPStatus.BAD_REQUEST, detail)
