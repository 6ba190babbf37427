"""Reading what a sandbox left: regular files only, no links followed, sizes capped, shapes checked."""

from __future__ import annotations

import json
import math
import os
import stat
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

MEBIBYTE = 1024 * 1024
OUTCOME_BYTES = MEBIBYTE
HISTORY_BYTES = 8 * MEBIBYTE
TENSOR_HEADER_BYTES = 8 * MEBIBYTE
METADATA = "__metadata__"
DTYPE_BYTES = {
    "BOOL": 1, "U8": 1, "I8": 1, "U16": 2, "I16": 2, "F16": 2, "BF16": 2, "U32": 4, "I32": 4, "F32": 4, "U64": 8,
    "I64": 8, "F64": 8,
}  # fmt: skip
"""Kinds of safetensors that the model could write; later ones, packed into bits, it does not."""

MOST_SIDES = 8
"""Of a tensor's shape; the model's have four. A product of more numbers takes longer than their bytes let expect."""

LONGEST_WHOLE = 20
"""Digits and a sign of the longest number of 64 bits: a longer one is not even computed."""


class BadOutputError(Exception):
    """A file of the output folder is not what docs/formats.md promises."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"{name} {why}.")


class MissingOutputError(BadOutputError):
    """A file is not there at all."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "is missing")


@contextmanager
def opened(folder: Path, name: str, max_bytes: int) -> Generator[BufferedReader]:
    """One regular file of at most `max_bytes`, whatever a program put in its place. Raises BadOutputError."""
    handle = _handle(folder, name)
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise BadOutputError(name, "is not a regular file")
        if found.st_size > max_bytes:
            raise BadOutputError(name, f"has {found.st_size} bytes, and {max_bytes} are allowed")
        with os.fdopen(handle, "rb", closefd=False) as file:
            yield file
    finally:
        os.close(handle)


def _handle(folder: Path, name: str) -> int:
    try:
        # O_NONBLOCK: a pipe put in place of a file would otherwise hold us for ever.
        return os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise MissingOutputError(name) from None
    except OSError as error:
        raise BadOutputError(name, f"cannot be opened ({error.strerror})") from error


def read_object(folder: Path, name: str, max_bytes: int, *, form: int = 1) -> dict[str, Any]:
    """A JSON object of the format `form`, free of NaN and Infinity. Raises BadOutputError."""
    with opened(folder, name, max_bytes) as file:
        value = strict_json(name, file.read(max_bytes))
    if not isinstance(value, dict) or value.get("format") != form:
        raise BadOutputError(name, f"is not an object of format {form}")
    return value


def strict_json(name: str, text: bytes) -> object:
    """JSON that every reader takes alike: UTF-8, finite numbers of 64 bits, no key twice, no NUL, no half a character.

    Raises BadOutputError.
    """

    def refuse(what: str) -> NoReturn:
        raise BadOutputError(name, f"holds {what[:20]}")

    def finite(digits: str) -> float:
        number = float(digits)
        return number if math.isfinite(number) else refuse(digits)

    def whole(digits: str) -> int:
        return int(digits) if len(digits) <= LONGEST_WHOLE and abs(int(digits)) < 2**63 else refuse(digits)

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        return found if len(found) == len(pairs) else refuse("a key twice")

    try:
        value = json.loads(
            text.decode(), parse_constant=refuse, parse_float=finite, parse_int=whole, object_pairs_hook=once
        )
    except (ValueError, RecursionError) as error:
        raise BadOutputError(name, "is not JSON") from error
    if not all(map(_is_text, _words_in(value))):
        refuse("a word that is no text")
    return value


def _words_in(value: object) -> Iterator[str]:
    waiting = [value]
    while waiting:
        match waiting.pop():
            case str(word):
                yield word
            case dict(pairs):
                yield from pairs
                waiting.extend(pairs.values())
            case list(items):
                waiting.extend(items)


def _is_text(word: str) -> bool:
    # Half of a pair of surrogates cannot be written again, and NUL not kept in a database.
    return (word.isascii() and "\x00" not in word) or not any(c == "\x00" or "\ud800" <= c <= "\udfff" for c in word)


def check_shape(name: str, file: BinaryIO, size: int) -> None:
    """Refuse a file whose name promises JSON or safetensors and whose bytes are something else; rewinds."""
    if name.endswith(".json"):
        strict_json(name, file.read(size))
    elif name.endswith(".safetensors"):
        _check_tensors(name, file, size)
    file.seek(0)


def _check_tensors(name: str, file: BinaryIO, size: int) -> None:
    length = int.from_bytes(file.read(8), "little")
    if size < 8 or length > min(TENSOR_HEADER_BYTES, size - 8):
        raise BadOutputError(name, "is not a safetensors file")
    header = strict_json(name, file.read(length))
    if not isinstance(header, dict):
        raise BadOutputError(name, "has no table of tensors")
    spans = sorted(_span(name, entry) for key, entry in header.items() if key != METADATA)
    if not all(isinstance(word, str) for word in _metadata(name, header).values()):
        raise BadOutputError(name, "has metadata that are no words")
    end = 0
    for first, last in spans:
        if first != end or last < first:
            raise BadOutputError(name, "has tensors that overlap or leave gaps")
        end = last
    if 8 + length + end != size:
        raise BadOutputError(name, "is longer or shorter than its tensors")


def _metadata(name: str, header: dict[str, Any]) -> dict[str, Any]:
    metadata = header.get(METADATA, {})
    if not isinstance(metadata, dict):
        raise BadOutputError(name, "has metadata of another shape")
    return metadata


def _span(name: str, entry: object) -> tuple[int, int]:
    match entry:
        case {"dtype": str(dtype), "shape": list(shape), "data_offsets": [int(first), int(last)], **more} if not more:
            if len(shape) > MOST_SIDES:
                raise BadOutputError(name, f"has a tensor of more than {MOST_SIDES} sides")
            if dtype not in DTYPE_BYTES or not all(type(side) is int and side >= 0 for side in shape):
                raise BadOutputError(name, "has a tensor of no known kind")
            if math.prod(shape) * DTYPE_BYTES[dtype] != last - first:
                raise BadOutputError(name, "has a tensor of another size than its shape")
            return first, last
    raise BadOutputError(name, "has a tensor without a place")
