"""A zip's directory is counted before zipfile believes it, and a lie about it is found out."""

import io
import struct
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixed_model.directory import count_entries, open_archive
from fixed_model.limits import Limits
from fixed_model.refusals import Remarks
from tests.fixed_model.archives import ROOMY, small_dataset, zipped

LIMITS = Limits(**ROOMY)


def opened(path: Path, limits: Limits = LIMITS) -> tuple[zipfile.ZipFile | None, dict[str, int]]:
    refusals = Remarks()
    archive = open_archive(path, limits, refusals)
    if archive:
        archive.close()
    return archive, dict(refusals.counts)


def counted(data: bytes, limit: int = 1000) -> int | None:
    return count_entries(io.BytesIO(data), len(data), limit)


def bytes_of(names: list[str], comment: bytes = b"") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.comment = comment
        for name in names:
            archive.writestr(name, b"")
    return file.getvalue()


def million_entries(declared: int) -> bytes:
    """A directory of a million nameless headers whose end record declares another number."""
    header = b"PK\x01\x02" + bytes(42)
    directory = header * 1_000_000
    return directory + b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, declared, declared, len(directory), 0, 0)


@given(st.sets(st.text("abc/ü", min_size=1, max_size=8), max_size=20), st.binary(max_size=50))
@settings(max_examples=60, deadline=None)
def test_it_counts_what_zipfile_finds(names: set[str], comment: bytes) -> None:
    harmless = comment.replace(b"P", b"")  # a comment that holds an end record misleads zipfile too
    assert counted(bytes_of(sorted(names), harmless)) == len(names)


def test_a_large_zip_with_the_64_bit_end_record_is_counted() -> None:
    assert counted(bytes_of([f"{n}" for n in range(70_000)]), limit=100_000) == 70_000


def test_bytes_before_the_archive_do_not_matter() -> None:
    assert counted(b"#!/bin/sh\n" + bytes_of(["a", "b"])) == 2


@pytest.mark.parametrize("data", [b"", b"x", b"not a zip at all" * 100, b"PK\x05\x06", b"PK\x03\x04" + bytes(100)])
def test_what_is_no_zip_is_refused_as_such(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    assert opened(path) == (None, {"not-a-zip": 1})


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_a_zip_that_was_cut_is_refused(tmp_path: Path, share: float) -> None:
    data = zipped(tmp_path / "whole.zip", small_dataset()).read_bytes()
    path = tmp_path / "a.zip"
    path.write_bytes(data[: int(len(data) * share)])
    assert opened(path) == (None, {"not-a-zip": 1})


def test_an_archive_over_its_limit_of_bytes_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(bytes(2000))
    assert opened(path, Limits(**(ROOMY | {"archive_bytes": 1999}))) == (None, {"archive-too-big": 1})


def test_too_many_names_are_refused_by_the_end_record(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(bytes_of([f"{n}" for n in range(LIMITS.entries + 1)]))
    assert opened(path) == (None, {"too-many-entries": 1})


@pytest.mark.parametrize("declared", [0, 3, 65535])
def test_a_million_names_are_refused_whatever_the_end_record_declares(tmp_path: Path, declared: int) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(million_entries(declared))
    began = time.process_time()  # what else runs on the machine says nothing of it
    roomy = Limits(**(ROOMY | {"archive_bytes": 10**9, "images": 20_000}))
    assert opened(path, roomy) == (None, {"too-many-entries": 1})
    assert time.process_time() - began < 3


def test_exactly_the_limit_of_names_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(bytes_of([f"{n}" for n in range(LIMITS.entries)]))
    archive, refusals = opened(path)
    assert archive is not None
    assert refusals == {}


def test_a_name_that_is_not_the_utf8_that_it_claims_is_refused(tmp_path: Path) -> None:
    data = bytes_of(["ä.png"])
    path = tmp_path / "a.zip"
    path.write_bytes(data.replace("ä".encode(), b"\xff\xfe"))
    assert opened(path) == (None, {"unsafe-name": 1})


def test_a_zip_of_a_later_age_is_refused(tmp_path: Path) -> None:
    data = bytearray(bytes_of(["a.png"]))
    at = data.index(b"PK\x01\x02")
    data[at + 6 : at + 8] = struct.pack("<H", 99)
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    assert opened(path) == (None, {"unsupported-compression": 1})


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_damage_anywhere_is_a_number_or_none_never_an_exception(data: st.DataObject) -> None:
    damaged = bytearray(bytes_of(["a", "bb", "c/d"], b"comment"))
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    count = counted(bytes(damaged), limit=100)
    assert count is None or count >= 0
