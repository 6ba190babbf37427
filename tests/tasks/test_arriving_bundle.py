"""A bundle's zip is looked at before anything of it is written."""

import struct
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from fixpoint.tasks.arriving_bundle import bundle_unpack
from fixpoint.tasks.bundle_problems import BundleError

SIZE = 5 * 2**20


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "inside").mkdir()
    return tmp_path / "inside"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """Five MiB when it is unpacked."""
    with zipfile.ZipFile(tmp_path / "bundle.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("task.yaml", "slug: roman\n")
        archive.writestr("hidden.zip", bytes(SIZE))
    return tmp_path / "bundle.zip"


@pytest.fixture
def left_for_bundles(settings, monkeypatch):
    """Says how much is left; the disk itself is written on by others meanwhile."""

    def left(number: int) -> None:
        free = SimpleNamespace(free=settings.UPLOAD_RESERVE_BYTES + number)
        monkeypatch.setattr("fixpoint.tasks.arriving_bundle.shutil.disk_usage", lambda _folder: free)

    return left


def test_with_room_for_it_twice_it_is_unpacked(left_for_bundles, bundle, folder):
    left_for_bundles(10 * SIZE)

    assert bundle_unpack(bundle, folder).read_text() == "slug: roman\n"
    assert (folder / "hidden.zip").stat().st_size == SIZE


def test_without_room_for_it_twice_nothing_of_it_is_written(left_for_bundles, bundle, folder):
    left_for_bundles(SIZE)

    with pytest.raises(BundleError, match="too little room on the disk to unpack it: it needs 11 MiB") as refused:
        bundle_unpack(bundle, folder)
    assert len(refused.value.problems) == 1
    assert list(folder.iterdir()) == []


def test_sizes_that_cannot_be_true_are_refused(bundle, folder):
    data = bytearray(bundle.read_bytes())
    entry = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, entry + 24, 2**30)  # the last entry's size in the directory
    bundle.write_bytes(data)

    with pytest.raises(BundleError, match=r"'hidden.zip': [\d,]+ compressed bytes cannot hold 1,073,741,824"):
        bundle_unpack(bundle, folder)
    assert list(folder.iterdir()) == []
