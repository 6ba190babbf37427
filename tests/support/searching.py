"""Looks for words in bytes as somebody would who wants to know: also inside archives, and in other encodings."""

import io
import zipfile
from collections.abc import Iterable, Iterator

_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")


def found_in(data: bytes, words: Iterable[str]) -> set[str]:
    """The words that occur in `data`, in its zip members' names, comments, dates' fields and contents, at any depth."""
    words = tuple(words)
    return {word for piece in _layers(data) for word in words if _occurs(word, piece)}


def _layers(data: bytes) -> Iterator[bytes]:
    yield data
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                yield info.filename.encode()
                yield info.comment + info.extra
                yield from _layers(archive.read(info))


def _occurs(word: str, data: bytes) -> bool:
    low = data.lower()
    return any(word.lower().encode(encoding) in low for encoding in _ENCODINGS)
