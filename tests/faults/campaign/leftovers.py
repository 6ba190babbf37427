"""What a machine holds that nobody needs any more: containers, processes, groups, mounts, folders of attempts."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from tests.faults.campaign.machine import FILLER
from tests.faults.campaign.stack import Stack
from tests.faults.campaign.sweeping import GROUPS, mounts_under
from worker.sandbox.own_cgroup import prefix
from worker.sandbox.tree import WORKER_MARK, marked


def leftovers(stack: Stack, known: frozenset[str] = frozenset()) -> list[str]:
    """A line for each but the known ones: mounts that belong to the stack, and what earlier trials left."""
    return [each for each in everything(stack) if each not in known]


def everything(stack: Stack) -> list[str]:
    """The stack's own mounts too."""
    return [
        *_containers(stack),
        *(f"mount {each}" for each in mounts_under(stack.folder)),
        *(line for worker in stack.workers for line in (*_processes(worker), *_groups(worker))),
        *(line for name in ("docker", "bubblewrap", "ingest") for line in _scratch(stack.scratch(name))),
        *_incoming(stack.disks["home"].folder / "incoming"),
    ]


def _containers(stack: Stack) -> list[str]:
    if stack.engine is None:
        return []
    try:
        return [f"container {each}" for each in stack.engine.containers()]
    except subprocess.SubprocessError as error:
        return [f"an Engine that does not answer: {error}"]


def _processes(worker: str) -> Iterator[str]:
    for pid in marked(f"{WORKER_MARK}={worker}"):
        yield f"process {pid} in a sandbox of {worker}"


def _groups(worker: str) -> Iterator[str]:
    for folder, names, _ in os.walk(GROUPS):
        yield from (f"control group {folder}/{name}" for name in names if name.startswith(prefix(worker)))


def _scratch(folder: Path) -> Iterator[str]:
    for path in folder.iterdir():
        if path.name not in {"attempts", "cache", FILLER}:
            yield f"{path.name} in the scratch folder {folder.name}"
    for path in (folder / "attempts").glob("[!.]*"):
        yield f"attempt folder {path.name} in {folder.name}"
    for path in (folder / "cache").glob(".arriving-*"):
        yield f"{path.name} in the cache of {folder.name}"


def _incoming(folder: Path) -> Iterator[str]:
    for path in folder.iterdir():
        try:
            UUID(path.name)
        except ValueError:
            continue  # an upload, whose request was cut off
        yield f"outputs of attempt {path.name} that nobody took"
