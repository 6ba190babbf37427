"""A disk that fills up in the middle: told as what it is, nothing that was there is lost, and it goes on afterwards."""

import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.uploads.conftest import drawn_zip, lone_site, until
from tests.uploads.sender import Sender


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of eight mebibytes for what arrives."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)


def on(disk: Path) -> dict[str, str]:
    """Uploads go there, and may fill it."""
    return {"FIXPOINT_UPLOAD_TEMP": str(disk), "FIXPOINT_UPLOAD_RESERVE_MIB": "0"}


def filled(disk: Path, size: int) -> Path:
    """Something else that takes this much of it, or all that there is."""
    path = disk / "something else"
    with suppress(OSError), path.open("wb", buffering=0) as file:
        for _ in range(size // 2**16):
            file.write(bytes(2**16))
    return path


def test_a_disk_that_fills_up_keeps_what_it_took_and_takes_the_rest_later(tmp_path: Path, disk: Path):
    archive = drawn_zip(6, mebibytes=6)
    with lone_site(tmp_path / "home", **on(disk)) as (
        site,
        sender,
    ):
        address = sender.begun(len(archive))
        sender.put(address, archive[: 2**20], 0)
        something = filled(disk, 4 * 2**20)

        answer = sender.put(address, archive[2**20 :], 2**20)
        assert (answer.status_code, "The site's disk is full" in answer.text) == (507, True)
        told = sender.offset(address)
        assert 2**20 <= told < len(archive)
        refused = sender.begin(len(archive))
        assert (refused.status_code, "has no room" in refused.text) == (507, True)

        something.unlink()
        assert sender.put(address, archive[told:], told).status_code == 204
        held(site.home, archive)


def test_a_checked_piece_that_finds_no_room_leaves_no_trace(tmp_path: Path, disk: Path):
    archive = drawn_zip(6, mebibytes=5)
    with lone_site(tmp_path / "home", **on(disk)) as (
        site,
        sender,
    ):
        address = sender.begun(len(archive))
        something = filled(disk, 6 * 2**20)
        answer = checked(sender, address, archive)
        assert answer == 507
        assert sender.offset(address) == 0
        something.unlink()
        free = sum(path.stat().st_size for path in disk.rglob("*") if path.is_file())
        assert free == 0
        until(lambda: sender.put(address, archive, 0).status_code == 204)
        held(site.home, archive)


def checked(sender: Sender, address: str, archive: bytes) -> int:
    digest = "sha1 " + "A" * 27 + "="
    return sender.put(address, archive, 0, Upload_Checksum=digest).status_code


def held(home: Path, archive: bytes) -> None:
    [blob] = [path for path in (home / "blobs").rglob("*") if path.is_file()]
    assert blob.read_bytes() == archive
