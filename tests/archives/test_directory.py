"""The end record and the directory of a zip are read within bounds, and only where they agree."""

import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixpoint.archives import directory
from fixpoint.archives.directory import NotAZipError, TooManyEntriesError, overlapping, read_directory
from tests.archives.forge import forge_end, forge_entry, make_zip

NAMES = ("train/i/a.png", "train/i/b.png", "val/i/c.png")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return make_zip(tmp_path / "honest.zip", NAMES)


@pytest.fixture
def zip64(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    return make_zip(tmp_path / "large.zip", NAMES)


def _refusal(path: Path, max_entries: int = 10) -> str:
    with pytest.raises(NotAZipError) as refused:
        read_directory(path, max_entries=max_entries)
    return str(refused.value)


def test_all_entries_of_an_honest_zip_are_read_in_its_order(archive: Path) -> None:
    assert tuple(entry.filename for entry in read_directory(archive, max_entries=3)) == NAMES


def test_a_comment_at_the_end_is_no_fault(archive: Path) -> None:
    with zipfile.ZipFile(archive, "a") as file:
        file.comment = b"made with love PK"
    assert len(read_directory(archive, max_entries=3)) == 3


def test_an_empty_zip_has_no_entries(tmp_path: Path) -> None:
    assert read_directory(make_zip(tmp_path / "empty.zip", []), max_entries=3) == []


def test_a_zip64_archive_is_read(zip64: Path) -> None:
    assert directory.LOCATOR64_SIGNATURE in zip64.read_bytes()
    assert len(read_directory(zip64, max_entries=3)) == 3


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\x89PNG\r\n\x1a\n" * 100, b"Rar!\x1a\x07\x01\x00" * 9, b"PK\x05\x06"]
)
def test_what_is_no_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    assert _refusal(path)


def test_a_zip_cut_off_anywhere_is_refused(archive: Path, tmp_path: Path) -> None:
    whole = archive.read_bytes()
    cut = tmp_path / "cut.zip"
    for length in range(len(whole)):
        cut.write_bytes(whole[:length])
        assert _refusal(cut)


def test_a_zip64_archive_cut_off_anywhere_is_refused(zip64: Path, tmp_path: Path) -> None:
    whole = zip64.read_bytes()
    cut = tmp_path / "cut.zip"
    for length in range(len(whole)):
        cut.write_bytes(whole[:length])
        assert _refusal(cut)


@pytest.mark.parametrize("extra", [b"\0", b"GIF89a", b"x" * 70_000])
def test_something_before_or_behind_the_archive_is_refused(archive: Path, extra: bytes) -> None:
    whole = archive.read_bytes()
    archive.write_bytes(extra + whole)
    assert "before or inside" in _refusal(archive)
    archive.write_bytes(whole + extra)
    assert _refusal(archive)


def test_a_million_announced_entries_are_not_even_looked_for(archive: Path) -> None:
    forge_end(archive, entries=60_000, here=60_000)
    with pytest.raises(TooManyEntriesError) as refused:
        read_directory(archive, max_entries=10)
    assert refused.value.entries == 60_000


def test_entries_that_the_end_record_conceals_are_counted(archive: Path) -> None:
    forge_end(archive, entries=1, here=1)
    assert "announces 1 entries, its directory has 3" in _refusal(archive)


def test_concealed_entries_beyond_the_limit_stop_the_reading(archive: Path) -> None:
    forge_end(archive, entries=1, here=1)
    with pytest.raises(TooManyEntriesError):
        read_directory(archive, max_entries=2)


def test_entries_that_do_not_exist_are_missed(archive: Path) -> None:
    forge_end(archive, entries=4, here=4)
    assert "announces 4 entries" in _refusal(archive)


def test_a_directory_of_gigabytes_is_not_read(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "huge.zip", [])
    size = directory.MAX_DIRECTORY_BYTES + 1
    forge_end(path, bytes=size)
    tail = path.read_bytes()
    with path.open("wb") as file:
        file.seek(size)
        file.write(tail)
    assert f"{size:,} bytes" in _refusal(path)


def test_one_part_of_a_split_archive_is_refused(archive: Path) -> None:
    assert "split" in _refusal(forge_end(archive, disk=1))


def test_two_end_records_that_contradict_each_other_are_refused(zip64: Path) -> None:
    assert "contradict" in _refusal(forge_end(zip64, entries=2, here=2))


def test_a_zip64_locator_without_its_record_is_refused(zip64: Path) -> None:
    zip64.write_bytes(zip64.read_bytes().replace(directory.END64_SIGNATURE, b"PK\x06\x00"))
    assert "zip64 end record is damaged" in _refusal(zip64)


def test_a_damaged_header_in_the_directory_is_refused(archive: Path) -> None:
    whole = archive.read_bytes()
    archive.write_bytes(whole.replace(b"PK\x01\x02", b"PK\x01\x03", 1))
    assert "directory is damaged" in _refusal(archive)


def test_a_name_that_is_not_the_utf8_it_says_is_refused(archive: Path) -> None:
    forge_entry(archive, NAMES[0], flags=0x800)
    archive.write_bytes(archive.read_bytes().replace(b"train/i/a.png", b"train/\xff/a.png"))
    assert "cannot be read" in _refusal(archive)


def test_entries_that_share_their_data_overlap(archive: Path) -> None:
    forge_entry(archive, NAMES[1], offset=0)
    found = overlapping(read_directory(archive, max_entries=3), archive.stat().st_size)
    assert [entry.filename for entry in found] == [NAMES[0]]


def test_an_entry_that_runs_past_the_end_overlaps(archive: Path) -> None:
    forge_entry(archive, NAMES[2], packed=10_000)
    found = overlapping(read_directory(archive, max_entries=3), archive.stat().st_size)
    assert [entry.filename for entry in found] == [NAMES[2]]


def test_honest_entries_do_not_overlap(archive: Path) -> None:
    assert overlapping(read_directory(archive, max_entries=3), archive.stat().st_size) == []


@given(data=st.data())
def test_whatever_bytes_change_the_answer_is_entries_or_a_reason(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = make_zip(tmp_path_factory.mktemp("fuzz") / "mutated.zip", NAMES)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    entries: list[zipfile.ZipInfo] = []
    with suppress(NotAZipError, TooManyEntriesError):
        entries = read_directory(path, max_entries=10)
    assert len(entries) in (0, 3)
