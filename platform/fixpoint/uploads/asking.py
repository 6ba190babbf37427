"""A request in the protocol's words: which upload, which method, and what its headers say."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.utils.translation import gettext as _

from fixpoint.body_limit import Scope
from fixpoint.uploads.refusals import UploadRefusedError

VERSION = "1.0.0"
BYTES = "application/offset+octet-stream"
ALGORITHMS = {"sha256": 32, "sha1": 20}
"""Of Upload-Checksum, with the bytes of a digest. tuspy sends sha1."""

_PATH = re.compile(r"/uploads/(?:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/?)?")
_OF_ALL = {"POST", "OPTIONS"}
_OF_ONE = {"HEAD", "PATCH", "DELETE", "OPTIONS"}
_WHOLE = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True)
class Checksum:
    """What a body's digest must be."""

    algorithm: str
    digest: bytes


@dataclass(frozen=True)
class Asking:
    """`upload_id` is None where all uploads are asked: a new one is begun, or the protocol's terms are read."""

    method: str
    upload_id: UUID | None
    headers: Mapping[str, str]

    @property
    def is_with_bytes(self) -> bool:
        """Whether the body is a piece of the file."""
        return self.headers.get("content-type", "") == BYTES

    @property
    def body_bytes(self) -> int:
        """The announced length of the body; 0 where it comes in pieces."""
        return self._number("content-length") if "content-length" in self.headers else 0

    @property
    def offset(self) -> int:
        """Where the body begins in the file."""
        return self._number("upload-offset")

    @property
    def length(self) -> int:
        """Of a new upload."""
        if "upload-defer-length" in self.headers:
            raise _bad(_("Upload-Defer-Length is not taken: say the file's length in Upload-Length."))
        return self._number("upload-length")

    @property
    def checksum(self) -> Checksum | None:
        """Of this body, if it comes with one."""
        if "upload-checksum" not in self.headers:
            return None
        algorithm, __, told = self.headers["upload-checksum"].partition(" ")
        if algorithm not in ALGORITHMS:
            raise _bad(
                _("Upload-Checksum by '%(algorithm)s' is not known here: use sha256 or sha1.")
                % {"algorithm": algorithm}
            )
        try:
            digest = base64.b64decode(told, validate=True)
        except ValueError as error:
            raise _bad(_("The digest in Upload-Checksum is not in Base64.")) from error
        if len(digest) != ALGORITHMS[algorithm]:
            raise _bad(
                _("The digest in Upload-Checksum has %(digest)s bytes; %(algorithm)s has another number.")
                % {"digest": len(digest), "algorithm": algorithm}
            )
        return Checksum(algorithm, digest)

    def expect_version(self) -> None:
        """Raises for clients that do not speak this protocol, and for pages of other sites, which cannot say it."""
        if self.method != "OPTIONS" and self.headers.get("tus-resumable") != VERSION:
            detail = _("This address speaks the tus protocol: send the header Tus-Resumable: %(version)s.") % {
                "version": VERSION
            }
            raise UploadRefusedError(HTTPStatus.PRECONDITION_FAILED, detail)

    def _number(self, name: str) -> int:
        told = self.headers.get(name, "")
        if not _WHOLE.fullmatch(told):
            raise _bad(_("The header %(title)s must be a whole number of bytes.") % {"title": name.title()})
        return int(told)


def asking_of(scope: Scope) -> Asking | None:
    """None for everything that is not the protocol's, pages of people among it."""
    if scope["type"] != "http" or not (found := _PATH.fullmatch(scope["path"])):
        return None
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    method = headers.get("x-http-method-override", str(scope["method"])).upper()
    if method not in (_OF_ONE if found[1] else _OF_ALL):
        return None
    return Asking(method, UUID(found[1]) if found[1] else None, headers)


def _bad(detail: str) -> UploadRefusedError:
    return UploadRefusedError(HTTPStatus.BAD_REQUEST, detail)
