"""The programs of an installation, each a process of its own, with its log in a file; all ended at the end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from tests.support.migrated import migrate_postgres
from tests.support.sockets import port_for

ROOT = Path(__file__).resolve().parents[3]
CELERY = ("-m", "celery", "-A", "fixpoint.celery")
QUIET = ("--without-gossip", "--without-mingle", "-l", "warning")


@dataclass
class Installation:
    """Web, jobs, beat and workers over a database and a broker that are there. Use it in a `with` block."""

    home: Path
    database: str
    broker: str
    port: int = field(init=False)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.port = port_for(self)

    @property
    def url(self) -> str:
        """The site's address."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        (self.home / "logs").mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in reversed(self.running.values()):
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if error is not None:
            sys.stderr.write(self.logs())

    def environment(self) -> dict[str, str]:
        """Of every program of the platform."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("FIXPOINT_", "DJANGO_"))}
        return kept | {
            "PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT), *filter(None, [kept.get("PYTHONPATH")])]),
            "DJANGO_SETTINGS_MODULE": "fixpoint.settings",
            "FIXPOINT_HOME": str(self.home),
            "FIXPOINT_DATABASE_URL": self.database,
            "FIXPOINT_BROKER_URL": self.broker,
            "FIXPOINT_SITE_URL": self.url,
            "FIXPOINT_PLATFORM_URL": self.url,
            "FIXPOINT_MAX_DATASETS_PER_DAY": "0",
            "FIXPOINT_LOG_LEVEL": "WARNING",
            "FIXPOINT_WORKER_TOKEN": "the token of a benchmark's workers",
        }

    def run(self, *arguments: str) -> str:
        """What a Python program prints once it has ended well."""
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.environment(), capture_output=True, text=True
        )
        if done.returncode:
            raise RuntimeError(f"{arguments}: {done.stdout}{done.stderr}{self.logs()}")
        return done.stdout

    def start(self, name: str, *arguments: str, **told: str) -> subprocess.Popen[bytes]:
        """Start a Python program that stays."""
        with (self.home / "logs" / name).open("wb") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, *arguments], cwd=ROOT, env=self.environment() | told, stdout=log, stderr=log
            )
        return self.running[name]

    def start_platform(self, *, web_processes: int) -> None:
        """Tables, then web, jobs and beat; returns when the site answers."""
        migrate_postgres(self.database)
        told = ("--host", "127.0.0.1", "--port", str(self.port), "--workers", str(web_processes))
        self.start("web", "-m", "uvicorn", "fixpoint.asgi:application", *told, "--no-access-log", "--lifespan", "off")
        for name, queue in (("jobs", "platform"), ("chores", "platform.chores")):
            self.start(name, *CELERY, "worker", "-Q", queue, "--pool", "solo", *QUIET)
        self.start("beat", *CELERY, "beat", "-l", "warning", "-s", str(self.home / "beat"))
        wait_for(self._answers, "the site")

    def start_worker(self, name: str, queue: str, *, module: str = "worker", **told: str) -> subprocess.Popen[bytes]:
        """A worker of one queue; returns when it has cleared its bench."""
        scratch = str(self.home / "scratch" / name)
        about = {
            "FIXPOINT_WORKER_NAME": name,
            "FIXPOINT_QUEUES": queue,
            "FIXPOINT_WORKER_SCRATCH": scratch,
            # Their scratch folders lie side by side, and a device takes one evaluation at a time.
            "FIXPOINT_DEVICE": f"cpu{len(self.running)}",
        }
        process = self.start(name, "-m", module, "-l", "warning", **(about | told))
        wait_for(lambda: "cleared the bench" in self.log(name), f"the worker {name}", process)
        return process

    def log(self, name: str) -> str:
        """What a program said."""
        return (self.home / "logs" / name).read_text(errors="replace")

    def logs(self) -> str:
        """The end of what every program said."""
        return "".join(f"== {path.name}\n{self.log(path.name)[-2000:]}\n" for path in (self.home / "logs").iterdir())

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", timeout=5, trust_env=False).is_success
        except httpx.TransportError:
            return False


def wait_for(
    enough: Callable[[], bool], what: str, process: subprocess.Popen[bytes] | None = None, seconds: float = 300
) -> None:
    """Look until it is so. TimeoutError after so long, or where the process that should do it is gone."""
    deadline = time.monotonic() + seconds
    while not enough():
        if time.monotonic() > deadline or (process is not None and process.poll() is not None):
            raise TimeoutError(f"Waited in vain for {what}.")
        time.sleep(0.05)
