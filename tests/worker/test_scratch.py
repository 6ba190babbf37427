"""An attempt's folder goes with its attempt; what a dead worker left goes at the next start; a living one's stays."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from worker.bench import Bench, clear
from worker.sandbox import FakeSandbox
from worker.scratch import attempt_folder, sweep


def test_the_folder_is_gone_after_the_attempt_even_if_it_failed(tmp_path: Path) -> None:
    folders: list[Path] = []

    def fail() -> None:
        with attempt_folder(tmp_path) as folder:
            folders.append(folder)
            (folder / "big").write_bytes(b"x" * 1000)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert not folders[0].exists()


def test_a_folder_that_a_program_closed_to_us_is_removed_all_the_same(tmp_path: Path) -> None:
    with attempt_folder(tmp_path) as folder:
        inner = folder / "out" / "deep"
        inner.mkdir(parents=True)
        (inner / "file").touch()
        inner.chmod(0)
        inner.parent.chmod(0)

    assert not folder.exists()


def test_a_folder_nested_deeper_than_python_can_follow_is_removed(tmp_path: Path) -> None:
    with attempt_folder(tmp_path) as folder:
        here = os.open(folder, os.O_RDONLY)
        for _ in range(1500):
            os.mkdir("deep", dir_fd=here)
            below = os.open("deep", os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = below
        os.close(here)

    assert not folder.exists()


def test_links_in_it_are_removed_and_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").touch()

    with attempt_folder(tmp_path) as folder:
        (folder / "link").symlink_to(outside)

    assert (outside / "precious").exists()


def test_a_living_neighbours_folder_is_not_swept(tmp_path: Path) -> None:
    with attempt_folder(tmp_path) as folder:
        assert sweep(tmp_path) == 0
        assert folder.exists()


def test_the_folder_of_a_worker_that_was_killed_is_swept(tmp_path: Path) -> None:
    program = f"""
        import os, signal
        from pathlib import Path
        from worker.scratch import attempt_folder
        with attempt_folder(Path({str(tmp_path)!r})) as folder:
            (folder / "out").mkdir()
            os.kill(os.getpid(), signal.SIGKILL)
    """
    root = Path(__file__).resolve().parents[2]
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], cwd=root)

    assert sweep(tmp_path) == 1
    assert [path for path in (tmp_path / "attempts").iterdir() if path.is_dir()] == []


def test_clearing_a_bench_ends_what_was_left_running_too(bench: Bench, sandbox: FakeSandbox) -> None:
    sandbox.leftovers = 2

    clear(bench)

    assert sandbox.leftovers == 0
