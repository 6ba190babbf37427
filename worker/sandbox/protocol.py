"""What every sandbox promises: one verb, `run`, that ends within its limits and says how it ended."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from worker.contract import Limits

OUTPUT = "/out"
"""Where the program finds its writable folder."""

LOG_BYTES = 8 * 1024
"""How much of the end of stdout and stderr an Exit keeps, as UTF-8."""


class Outcome(StrEnum):
    """How a run ended. Everything but OK and CRASHED is the sandbox's own doing."""

    OK = "ok"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    DISK = "disk"
    CRASHED = "crashed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Mount:
    """A file or folder of the host that the program may read, and never write, at `target` (under `/in/`)."""

    source: Path
    target: str


@dataclass(frozen=True)
class Exit:
    """How a run ended, with numbers.

    `status` is the program's own (128 + n after signal n), None where the sandbox ended it. `limit`, `allowed` and
    `used` name the limit that did, in its own unit. `peak_memory_bytes` counts page cache where a cgroup measured it.
    """

    outcome: Outcome
    status: int | None
    wall_seconds: float
    cpu_seconds: float | None
    peak_memory_bytes: int | None
    log: str
    limit: str = ""
    allowed: float | None = None
    used: float | None = None


class SandboxError(Exception):
    """The sandbox could not do its part. Ours, never the participant's; the message is fit to show to an operator."""


class Sandbox(Protocol):
    """A place to run a program that is not trusted with anything but its inputs and its output folder."""

    name: str

    def image_id(self, image: str) -> str:
        """What exactly would run, for provenance: an image's ID, or `host:` and the interpreter's version."""
        ...

    def run(
        self,
        image: str,
        command: Sequence[str],
        *,
        mounts: Sequence[Mount],
        output: Path,
        limits: Limits,
        stop: threading.Event,
        label: str,
    ) -> Exit:
        """Run `command` to its end or to its first limit. Raises SandboxError.

        `output` is an empty folder, and empty again after a run that the sandbox ended.
        """
        ...

    def reap(self) -> int:
        """End what an earlier life of this worker left running; call it before the first run. Returns how many."""
        ...
