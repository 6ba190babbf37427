"""Programs that fill what they may write to: the limit is named, the host keeps room, and the folder is empty again."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.sandboxes import MEBIBYTE, Runner
from worker.sandbox import watch
from worker.sandbox.folder import free_files

FILLS = {
    "a billion tiny files": (
        "for n in range(10**9):\n  with open(f'/out/{n}', 'w') as file: file.write('x')",
        "output_files",
    ),
    "a billion empty folders": ("import os\nfor n in range(10**9): os.mkdir(f'/out/{n}')", "output_files"),
    "a billion links": ("import os\nfor n in range(10**9): os.symlink('/' + 'x' * 4000, f'/out/{n}')", "output_files"),
    "a billion names of one file": (
        "import os\nopen('/out/x', 'w').close()\nfor n in range(10**9): os.link('/out/x', f'/out/{n}')",
        "output_files",
    ),
    "one file": ("with open('/out/x', 'wb') as file:\n  while True: file.write(bytes(2**20))", "output_bytes"),
    "room set aside": (
        """
        import os, time
        for n in range(8):
            os.posix_fallocate(os.open(f"/out/{n}", os.O_CREAT | os.O_RDWR), 0, 2**22)
        time.sleep(60)
        """,
        "output_bytes",
    ),
    "a folder that shuts itself": (
        """
        import os, time
        os.mkdir("/out/x")
        for n in range(99):
            os.mkdir(f"/out/x/{n}")
        os.chmod("/out/x", 0)
        os.chmod("/out", 0)
        time.sleep(60)
        """,
        "output_files",
    ),
}
SPARSE = """
import errno, os
said = []
for place in (1 << 40, 1 << 62):
    try:
        os.truncate(os.open("/out/sparse", os.O_CREAT | os.O_RDWR), place)
    except OSError as error:
        said.append(errno.errorcode[error.errno])
    try:
        os.pwrite(os.open("/out/sparse", os.O_CREAT | os.O_RDWR), b"x", place - 1)
    except OSError as error:
        said.append(errno.errorcode[error.errno])
"""
HIDES = """
import os, time
held = []
while True:
    try:
        held.append(os.open("/out/hidden", os.O_CREAT | os.O_RDWR))
        os.unlink("/out/hidden")
        os.write(held[-1], bytes({size}))
    except OSError:
        time.sleep(0.02)
"""


@pytest.mark.parametrize(("source", "limit"), FILLS.values(), ids=FILLS.keys())
def test_a_folder_that_is_filled_ends_the_program_and_is_empty_again(source: str, limit: str, run: Runner) -> None:
    end = run(source)

    assert (end.outcome, end.status, end.limit) == ("disk", None, limit)
    assert end.allowed is not None
    assert end.used is not None
    assert end.used > end.allowed
    assert list(run.output.iterdir()) == []


def test_one_sparse_file_reaches_no_further_than_the_output_may(run: Runner) -> None:
    said = run.said(SPARSE)

    assert set(said) == {"EFBIG"}
    assert len(said) == 4
    assert (run.output / "sparse").stat().st_size <= 20 * MEBIBYTE


@pytest.fixture
def small_disk(output: Path) -> Iterator[Path]:
    """The output folder on a file system of 48 MiB and 400 files."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=48m,nr_inodes=400", "none", str(output)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("needs the right to mount")
    yield output
    subprocess.run(["umount", "--lazy", str(output)], check=True)


@pytest.mark.parametrize(("size", "limit"), [(4 * MEBIBYTE, "free_bytes"), (1, "free_files")])
def test_files_that_have_no_name_any_more_leave_the_host_its_room(
    size: int, limit: str, small_disk: Path, run: Runner
) -> None:
    end = run(HIDES.format(size=size), output_bytes=40 * MEBIBYTE, output_files=300)

    assert (end.outcome, end.status, end.limit) == ("disk", None, limit)
    assert end.allowed is not None
    assert end.used is not None
    assert end.used < end.allowed
    assert os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize > 40 * MEBIBYTE


def test_a_quick_program_leaves_the_host_its_room_however_late_anybody_looks(
    small_disk: Path, run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy machine, all files were gone before the first look, and half of none was left to keep."""

    def late(folder: Path) -> int | None:
        time.sleep(1)
        return free_files(folder)

    monkeypatch.setattr(watch, "free_files", late)

    end = run(HIDES.format(size=1), output_bytes=40 * MEBIBYTE, output_files=300)

    assert (end.outcome, end.status, end.limit) == ("disk", None, "free_files")
