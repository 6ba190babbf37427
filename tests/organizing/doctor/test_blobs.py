"""The store is tried with a real file, and the disks are asked for room."""

import errno
import os
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage

from fixpoint.organizing.doctor.blobs import blob_store, disk
from tests.support.folders import unwritable_folder
from worker.contract import Level


@pytest.fixture
def foreign_folder():
    with unwritable_folder() as folder:
        yield folder


@pytest.fixture
def store_at(settings):
    """Puts the store into a folder."""

    def at(folder, backend="django.core.files.storage.FileSystemStorage"):
        blobs = {"BACKEND": backend, "OPTIONS": {"location": str(folder), "allow_overwrite": True}}
        settings.STORAGES = settings.STORAGES | {"blobs": blobs}

    return at


class Rotten(FileSystemStorage):
    """A disk that gives back other bytes than it took."""

    def _open(self, name, mode="rb"):
        path = Path(self.path(name))
        path.write_bytes(b"rot" + path.read_bytes()[3:])
        return super()._open(name, mode)


def test_a_store_that_works_is_left_as_it_was(store_at, tmp_path):
    store_at(tmp_path / "blobs")
    finding = blob_store()
    assert finding.level is Level.OK
    assert str(tmp_path / "blobs") in finding.found
    assert list((tmp_path / "blobs").iterdir()) == []


def test_a_folder_that_may_not_be_written_fails(store_at, foreign_folder):
    store_at(foreign_folder)
    finding = blob_store()
    assert finding.level is Level.FAIL
    assert "Permission denied" in finding.found
    assert "chown" in finding.advice


def test_a_store_that_gives_back_other_bytes_fails_and_keeps_no_probe(store_at, tmp_path):
    store_at(tmp_path / "blobs", backend=f"{Rotten.__module__}.{Rotten.__qualname__}")
    finding = blob_store()
    assert finding.level is Level.FAIL
    assert "others were read back" in finding.found
    assert list((tmp_path / "blobs").iterdir()) == []


class Full(FileSystemStorage):
    """A disk that takes a part of a file and no more."""

    def _save(self, name, content):
        super()._save(name, content)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_is_told_as_such_and_keeps_no_part_of_the_probe(store_at, tmp_path):
    store_at(tmp_path / "blobs", backend=f"{Full.__module__}.{Full.__qualname__}")
    finding = blob_store()
    assert (finding.level, "make room" in finding.advice) == (Level.FAIL, True)
    assert list((tmp_path / "blobs").iterdir()) == []


def test_room_enough_is_told_by_place(settings, tmp_path):
    finding = disk(floor=1, last=1)
    assert finding.level is Level.OK
    for name in ("blobs", "uploads", "home"):
        assert f"{name} {tmp_path}" in finding.found


@pytest.mark.parametrize(("last", "level"), [(0, "warn"), (2**62, "FAIL")])
def test_too_little_room_is_told_with_what_is_wanted(settings, last, level):
    finding = disk(floor=2**62, last=last)
    assert finding.level == level
    assert "make room" in finding.advice
