"""An entry that is read at once is read as zipfile reads it: byte for byte, and in its words where it is damaged."""

import io
import struct
import zipfile
import zlib
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixed_model.archive import DamagedEntryError, Entry, read_entry
from fixed_model.entries import GROWN, plain_bytes, read_entry_soon

LIMIT = 10_000
FILES = {"a/empty": b"", "a/noise": Random(1).randbytes(700), "a/flat": bytes(5_000), "é": b"accented" * 40}
"""What does not shrink, what shrinks most, and a name that is not ASCII."""


def zipped(method: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in FILES.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return file.getvalue()


ARCHIVES = {method: zipped(method) for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)}


def told(archive: zipfile.ZipFile, info: zipfile.ZipInfo, *, sooner: bool, limit: int = LIMIT) -> bytes | str:
    """The bytes, or how they are refused."""
    try:
        return (read_entry_soon if sooner else read_entry)(archive, Entry(info, info.filename), limit)
    except DamagedEntryError as error:
        return str(error)


def assert_both_tell_the_same(path: Path) -> None:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, EOFError, OSError):
        return  # it is refused before an entry is read
    with archive:
        for info in archive.infolist():
            if (
                info.compress_type in ARCHIVES and not info.flag_bits & 0x2041
            ):  # others are refused before they are read
                for limit in (LIMIT, 600):
                    soon, plainly = (told(archive, info, sooner=way, limit=limit) for way in (True, False))
                    assert soon == plainly, info


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("entries") / "archive.zip"


@pytest.mark.parametrize("method", ARCHIVES)
def test_plain_entries_are_read_at_once(method: int, place: Path) -> None:
    place.write_bytes(ARCHIVES[method])
    with zipfile.ZipFile(place) as archive:
        read = {info.filename: plain_bytes(archive, info) for info in archive.infolist()}
    assert read == FILES | {"é": None}


@given(st.sampled_from(sorted(ARCHIVES)), st.data())
def test_a_damaged_archive_is_told_in_zipfiles_words(place: Path, method: int, draw: st.DataObject) -> None:
    whole = ARCHIVES[method]
    at = draw.draw(st.integers(0, len(whole) - 1))
    damaged = bytes([whole[at] ^ draw.draw(st.integers(1, 255))])
    place.write_bytes(whole[:at] + damaged + whole[at + 1 :])
    assert_both_tell_the_same(place)


@pytest.mark.parametrize("method", ARCHIVES)
@pytest.mark.parametrize("at", range(30))
def test_every_byte_of_an_entrys_own_header_is_judged_as_by_zipfile(method: int, at: int, place: Path) -> None:
    for mask in (0x01, 0x20, 0x40, 0xFF):
        data = bytearray(ARCHIVES[method])
        data[data.index(b"a/noise") - 30 + at] ^= mask
        place.write_bytes(data)
        assert_both_tell_the_same(place)


def test_what_promises_more_packed_bytes_than_there_can_be_is_not_read_at_once(place: Path) -> None:
    place.write_bytes(ARCHIVES[zipfile.ZIP_STORED])
    with zipfile.ZipFile(place) as archive:
        info = archive.getinfo("a/noise")
        info.compress_size = 2**40
        assert plain_bytes(archive, info) is None


@pytest.mark.parametrize("place_in_file", [-1, -(2**70), 10**6, 2**64 - 1])
def test_what_lies_where_no_file_has_a_place_is_left_to_zipfile(place_in_file: int, place: Path) -> None:
    place.write_bytes(ARCHIVES[zipfile.ZIP_STORED])
    with zipfile.ZipFile(place) as archive:
        info = archive.getinfo("a/noise")
        info.header_offset = place_in_file
        assert plain_bytes(archive, info) is None
        assert told(archive, info, sooner=True) == told(archive, info, sooner=False)


def test_deflate_lengthens_nothing_by_more_than_is_allowed() -> None:
    for length in (1, 1_000, 65_536, 1_000_000):
        packer = zlib.compressobj(0, zlib.DEFLATED, -15)
        assert len(packer.compress(Random(2).randbytes(length)) + packer.flush()) <= length + length // GROWN + 64
