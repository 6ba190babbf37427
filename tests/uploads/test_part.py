"""The growing file: its size is the truth, its lock is the kernel's, and a file that moved on is never written to."""

import os
from pathlib import Path
from uuid import uuid4

import pytest

from fixpoint.uploads.part import Part, PartLockedError, part_path, part_size

pytestmark = pytest.mark.usefixtures("settings")


def test_a_part_is_held_by_one_alone_and_free_again_afterwards():
    key = uuid4()
    with Part(key), pytest.raises(PartLockedError):
        Part(key)
    with Part(key) as part:
        part.append(b"abc")
    assert part_size(key) == 3


def test_nothing_has_no_size_and_makes_no_file():
    key = uuid4()
    assert part_size(key) == 0
    assert not part_path(key).exists()


def test_a_file_that_was_moved_into_the_store_is_not_written_to(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Opened before the move, locked after it: the descriptor then leads to the store's own file."""
    key, blob = uuid4(), tmp_path / "blob"
    part_path(key).write_bytes(b"all of it")
    opened = os.open

    def open_and_lose(path: Path, *given: int) -> int:
        file = opened(path, *given)
        part_path(key).rename(blob)
        return file

    monkeypatch.setattr(os, "open", open_and_lose)
    with pytest.raises(PartLockedError):
        Part(key)
    assert blob.read_bytes() == b"all of it"


def test_a_second_name_outlives_the_first_and_can_be_made_again():
    with Part(uuid4()) as part:
        part.append(b"abc")
        part.second_name()
        second = part.second_name()
        part.remove()
    assert second.read_bytes() == b"abc"


def test_what_was_appended_can_be_taken_back():
    with Part(uuid4()) as part:
        part.append(b"abc")
        part.append(b"def")
        part.cut(3)
        part.append(b"x")
        assert part.path.read_bytes() == b"abcx"
