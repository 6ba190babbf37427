"""What remains of a worker that was killed, and how its next life ends it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.sandboxes import groups_of
from worker.sandbox.tree import WORKER_MARK, marked

WORKER = """
import sys, threading
from pathlib import Path
from worker.contract import Limits
from worker.sandbox.bubblewrap import BubblewrapSandbox
from worker.sandbox.docker import DockerSandbox
from worker.sandbox.process import ProcessSandbox

name, worker, model, output, place = sys.argv[1:]
sandbox = {
    "docker": lambda: DockerSandbox(worker=worker),
    "bubblewrap": lambda: BubblewrapSandbox(worker=worker, model=Path(model)),
    "process": lambda: ProcessSandbox(worker=worker, model=Path(model)),
}[name]()
limits = Limits(wall_seconds=60, memory_bytes=2**28, output_bytes=2**20, output_files=8, cpus=1, pids=16)
sandbox.run(
    "python:3.11-slim-bookworm",
    ["python", "-c", f"worker = {worker!r}\\nopen({place!r}, 'w').close()\\nwhile True: __import__('time').sleep(1)"],
    mounts=[], output=Path(output), limits=limits, stop=threading.Event(), label="killed",
)
"""
ROOT = Path(__file__).parents[3]


@pytest.fixture
def killed(request: pytest.FixtureRequest, worker: str, model: Path, output: Path, until: Any) -> Iterator[str]:
    """A worker that was killed by SIGKILL in the middle of a run. The parameter is its sandbox."""
    place = str(output / "begun") if request.param == "process" else "/out/begun"
    words = [sys.executable, "-c", WORKER, request.param, worker, str(model), str(output), place]
    life = subprocess.Popen(words, env=os.environ | {"PYTHONPATH": str(ROOT)})
    until((output / "begun").exists)
    life.send_signal(signal.SIGKILL)
    life.wait()
    return request.param


@pytest.mark.parametrize("killed", [pytest.param("docker", marks=pytest.mark.docker), "process"], indirect=True)
def test_the_next_life_reaps_what_is_left_over(killed: str, sandbox_called: Any, worker: str) -> None:
    sandbox = sandbox_called(killed)

    assert [sandbox.reap(), sandbox.reap()] == [1, 0]
    assert marked(f"{WORKER_MARK}={worker}") == []


@pytest.mark.bubblewrap
@pytest.mark.parametrize("killed", ["bubblewrap"], indirect=True)
def test_bubblewrap_dies_with_its_worker(killed: str, sandbox_called: Any, worker: str, until: Any) -> None:
    until(lambda: marked(f"{WORKER_MARK}={worker}") == [])
    until(lambda: not [pid for pid in every_pid() if f"worker = {worker!r}".encode() in command_of(pid)])

    assert sandbox_called(killed).reap() == 0
    assert groups_of(worker) == []


def every_pid() -> list[Path]:
    return [folder for folder in Path("/proc").iterdir() if folder.name.isdigit()]


def command_of(folder: Path) -> bytes:
    try:
        return (folder / "cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
