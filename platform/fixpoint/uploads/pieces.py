"""How a body becomes a part of the file: plainly, as its bytes arrive, or as a whole once its checksum is true."""

import hashlib
import tempfile
from http import HTTPStatus
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fixpoint.figures import whole
from fixpoint.uploads.asking import Checksum
from fixpoint.uploads.part import Part, parts_folder
from fixpoint.uploads.refusals import CHECKSUM_MISMATCH, UploadRefusedError

NO_ZIP = gettext_noop("This file does not begin as a zip does, whatever its name. Pack train and val into a zip.")
_ZIP = b"PK"
_MOST_CHECKED = 64 * 2**20
"""Of a body that is kept apart until its checksum is true: it lies on the disk twice."""


class Piece(Protocol):
    """The body of one request on its way into a part."""

    def add(self, data: bytes) -> None:
        """Some more of it."""

    def settle(self) -> None:
        """All of it is there: afterwards it is on the disk, or UploadRefusedError says why not."""

    def close(self) -> None:
        """Nothing of its own remains."""


def piece_of(part: Part, length: int, checksum: Checksum | None, advice: str) -> Piece:
    """A body that goes on where the part ends; `length` is the whole file's, `advice` for whose file is no zip."""
    return CheckedPiece(part, length, checksum, advice) if checksum else PlainPiece(part, length, advice)


class PlainPiece:
    """Every byte that arrives is in the file at once, so that a broken line loses none."""

    def __init__(self, part: Part, length: int, advice: str) -> None:
        self._part = part
        self._bounds = _Bounds(part.size, length, advice)

    def add(self, data: bytes) -> None:
        """Append."""
        try:
            self._bounds.expect(data)
        except UploadRefusedError:
            self._part.cut(self._bounds.start)
            raise
        self._part.append(data)

    def settle(self) -> None:
        """Make it last."""
        self._part.keep()

    def close(self) -> None:
        """There is nothing else."""


class CheckedPiece:
    """Kept apart until its digest is true: no offset ever tells bytes that are taken back."""

    def __init__(self, part: Part, length: int, checksum: Checksum, advice: str) -> None:
        self._part = part
        self._bounds = _Bounds(part.size, length, advice)
        self._checksum = checksum
        self._digest = hashlib.new(checksum.algorithm, usedforsecurity=False)
        self._apart = tempfile.TemporaryFile(dir=parts_folder())  # noqa: SIM115 - closed by close(); has no name

    def add(self, data: bytes) -> None:
        """Put aside."""
        self._bounds.expect(data)
        if self._apart.tell() + len(data) > _MOST_CHECKED:
            detail = _("A piece with a checksum has at most %(most)s MiB. Send smaller pieces.") % {
                "most": _MOST_CHECKED // 2**20
            }
            raise UploadRefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, offset=self._bounds.start)
        self._digest.update(data)
        self._apart.write(data)

    def settle(self) -> None:
        """Compare, append, make it last."""
        if self._digest.digest() != self._checksum.digest:
            detail = _("The %(algorithm)s of this piece is not the announced one. Send it again.") % {
                "algorithm": self._checksum.algorithm
            }
            raise UploadRefusedError(CHECKSUM_MISMATCH, detail, offset=self._bounds.start)
        self._apart.seek(0)
        self._part.append_from(self._apart)
        self._part.keep()

    def close(self) -> None:
        """The kernel forgets it."""
        self._apart.close()


class _Bounds:
    """A file begins as a zip does, and is no longer than was announced."""

    def __init__(self, start: int, length: int, advice: str) -> None:
        self.start = start
        self._advice = advice
        self._at = start
        self._length = length

    def expect(self, data: bytes) -> None:
        """Raises for bytes that cannot belong to the file."""
        if self._at == 0 and data and not _ZIP.startswith(data[: len(_ZIP)]):
            raise UploadRefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, _(self._advice), is_final=True)
        self._at += len(data)
        if self._at > self._length:
            detail = _("This is more than the %(length)s bytes that were announced. Nothing of it was kept.") % {
                "length": whole(self._length)
            }
            raise UploadRefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, offset=self.start)
