"""Reading what a sandbox left: regular files only, no links followed, sizes capped, shapes checked."""

from __future__ import annotations

import json
import math
import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

MEBIBYTE = 1024 * 1024
OUTCOME_BYTES = MEBIBYTE
HISTORY_BYTES = 8 * MEBIBYTE
TENSOR_HEADER_BYTES = 8 * MEBIBYTE


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
    """JSON as the standard has it: no NaN, no Infinity, no number that overflows into one. Raises BadOutputError."""

    def refuse(constant: str) -> NoReturn:
        raise BadOutputError(name, f"holds {constant}")

    def finite(digits: str) -> float:
        number = float(digits)
        return number if math.isfinite(number) else refuse(digits[:20])

    try:
        return json.loads(text, parse_constant=refuse, parse_float=finite)
    except (ValueError, RecursionError) as error:
        raise BadOutputError(name, "is not JSON") from error


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
    spans = sorted(_span(name, entry) for key, entry in header.items() if key != "__metadata__")
    end = 0
    for first, last in spans:
        if first != end or last < first:
            raise BadOutputError(name, "has tensors that overlap or leave gaps")
        end = last
    if 8 + length + end != size:
        raise BadOutputError(name, "is longer or shorter than its tensors")


def _span(name: str, entry: object) -> tuple[int, int]:
    match entry:
        case {"data_offsets": [int(first), int(last)]}:
            return first, last
    raise BadOutputError(name, "has a tensor without a place")
