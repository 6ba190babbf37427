"""A worker in a process of its own, started as in production."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from tests.worker.redis_server import RedisServer
from tests.worker.scripted_platform import ScriptedPlatform

ROOT = Path(__file__).resolve().parents[2]
Enough = Callable[[], object]


def wait_for(enough: Enough, what: str, seconds: float = 120.0) -> None:
    deadline = time.monotonic() + seconds
    while not enough():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)


class Worker:
    """One worker process, its log in a file."""

    def __init__(
        self, platform: ScriptedPlatform, broker: RedisServer, folder: Path, name: str = "one", **told: str
    ) -> None:
        self._log = folder / f"{name}.log"
        environment = {
            "PATH": os.environ["PATH"],
            "FIXPOINT_BROKER_URL": broker.url,
            "FIXPOINT_PLATFORM_URL": platform.url,
            "FIXPOINT_WORKER_NAME": name,
            "FIXPOINT_WORKER_SCRATCH": str(folder / "scratch"),
            "FIXPOINT_MODEL_PATH": str(folder / "model"),
            "FIXPOINT_SANDBOX": "process",
            "FIXPOINT_CODECARBON": "no",
            "FIXPOINT_QUEUES": "evaluate",
            **told,
        }
        with self._log.open("w") as log:
            command = [sys.executable, "-m", "worker"]
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log, stdout=log)

    def __enter__(self) -> Self:
        wait_for(lambda: "cleared the bench" in self.log, "the worker's start")
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()

    @property
    def log(self) -> str:
        return self._log.read_text()

    def idle_mib(self) -> float:
        rollup = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        found = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
        assert found is not None
        return int(found[1]) / 1024
