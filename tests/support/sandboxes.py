"""Fixtures of real sandboxes: a short way to run a few lines of Python in each, and a check that nothing remains.

A folder's conftest.py imports those that its tests need.
"""

import json
import os
import secrets
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from worker.contract import Limits
from worker.sandbox import Exit, Mount, Sandbox
from worker.sandbox.bubblewrap import BubblewrapSandbox
from worker.sandbox.cgroup import ROOT
from worker.sandbox.docker import DockerSandbox
from worker.sandbox.own_cgroup import prefix
from worker.sandbox.process import ProcessSandbox
from worker.sandbox.tree import WORKER_MARK, marked

IMAGE = "python:3.11-slim-bookworm"
MEBIBYTE = 1024**2
LIMITS = Limits(
    wall_seconds=120, memory_bytes=256 * MEBIBYTE, output_bytes=16 * MEBIBYTE, output_files=64, cpus=1, pids=32
)

ISOLATING = [
    pytest.param("docker", marks=pytest.mark.docker),
    pytest.param("bubblewrap", marks=pytest.mark.bubblewrap),
]
CONTAINING = [*ISOLATING, pytest.param("bubblewrap-without-cgroups", marks=pytest.mark.bubblewrap)]
"""Also where the host lets nobody make a control group."""

EVERY = [*CONTAINING, "process"]


@dataclass
class Runner:
    """Runs Python source in a sandbox; what the program writes to /out/said.json comes back as `said`."""

    sandbox: Sandbox
    output: Path
    mounts: list[Mount] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def limits(self, **limits: Any) -> Limits:
        return replace(LIMITS, **limits)

    def __call__(self, source: str, **limits: Any) -> Exit:
        return self.sandbox.run(
            IMAGE,
            ["python", "-c", textwrap.dedent(source)],
            mounts=self.mounts,
            output=self.output,
            limits=self.limits(**limits),
            stop=self.stop,
            label="test",
        )

    def said(self, source: str, **limits: Any) -> Any:
        """What `source` left in its variable `said`. Fails with the log if the program did not end well."""
        save = "\nimport json\nwith open('/out/said.json', 'w') as file:\n    json.dump(said, file)\n"
        end = self(textwrap.dedent(source) + save, **limits)
        assert end.outcome == "ok", end
        return json.loads((self.output / "said.json").read_text())


def groups_of(worker: str) -> list[str]:
    """Control groups of a worker, wherever they are; those of others come and go meanwhile, and hide none."""
    return [
        f"{folder}/{name}" for folder, names, _ in os.walk(ROOT) for name in names if name.startswith(prefix(worker))
    ]


@pytest.fixture
def until() -> Callable[[Callable[[], object]], None]:
    """Waits until a condition holds, and fails if it does not within a minute: a busy machine is slow."""

    def wait(condition: Callable[[], object]) -> None:
        patience = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < patience, "It did not happen."
            time.sleep(0.01)

    return wait


@pytest.fixture
def worker() -> str:
    """A name that no other test's worker has."""
    return f"test-{secrets.token_hex(4)}"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A folder that holds a `fixed_model` of a few bytes."""
    folder = tmp_path / "small"
    (folder / "fixed_model").mkdir(parents=True)
    (folder / "fixed_model" / "__init__.py").write_text("ANSWER = 42\n")
    return folder


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """An empty folder for a program's output."""
    folder = tmp_path / "output"
    folder.mkdir()
    return folder


@pytest.fixture
def sandbox_called(worker: str, model: Path) -> Iterator[Callable[[str], Sandbox]]:
    """Sandboxes by name, all of the same worker."""
    engine = DockerSandbox(worker=worker)
    makers: dict[str, Callable[[], Sandbox]] = {
        "docker": lambda: engine,
        "bubblewrap": lambda: BubblewrapSandbox(worker=worker, model=model),
        "bubblewrap-without-cgroups": lambda: BubblewrapSandbox(worker=worker, model=model, cgroups=None),
        "process": lambda: ProcessSandbox(worker=worker, model=model),
    }
    yield lambda name: makers[name]()
    engine.close()


@pytest.fixture
def runner_in(sandbox_called: Callable[[str], Sandbox], worker: str, output: Path) -> Iterator[Callable[[str], Runner]]:
    """A runner in a sandbox by name; afterwards nothing of its may be left."""
    used: list[Sandbox] = []

    def runner(name: str) -> Runner:
        used.append(sandbox_called(name))
        return Runner(used[-1], output)

    yield runner
    assert [sandbox.reap() for sandbox in used] == [0] * len(used)
    assert marked(f"{WORKER_MARK}={worker}") == []


@pytest.fixture(params=ISOLATING)
def run(request: pytest.FixtureRequest, runner_in: Callable[[str], Runner]) -> Runner:
    """A runner in each sandbox that isolates."""
    return runner_in(request.param)


@pytest.fixture(params=CONTAINING)
def run_contained(request: pytest.FixtureRequest, runner_in: Callable[[str], Runner]) -> Runner:
    """The same, and where no control group helps."""
    return runner_in(request.param)


@pytest.fixture(params=EVERY)
def run_anywhere(request: pytest.FixtureRequest, runner_in: Callable[[str], Runner]) -> Runner:
    """A runner in each sandbox that runs anything, isolated or not."""
    return runner_in(request.param)
