"""The whole stack in processes of its own: databases, platform, workers, an Engine, and what they stand on."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import httpx

from tests.faults.campaign.broker import Broker
from tests.faults.campaign.engine import IMAGE, Engine, engine
from tests.faults.campaign.machine import Clock, Disk, Network, disk, missing_parts, network
from tests.faults.campaign.program import Program, Supervisor
from tests.faults.campaign.proxy import Proxy
from tests.faults.campaign.standin import PREDICT_SECONDS
from tests.faults.campaign.sweeping import MARK, sweep
from tests.faults.campaign.waiting import wait_until
from tests.support.migrated import migrate_postgres
from tests.support.postgres import PostgresCluster
from tests.support.sockets import port_for

ROOT = Path(__file__).resolve().parents[3]
LEASE, SWEEP, RESEND, RETRY, AVOID = 6, 1, 2, 1, 4
TOKEN = "the token of a campaign's workers"
SCRATCH = 64
DISKS = {"home": 512, "postgres": 256, "redis": 32} | dict.fromkeys(
    ("scratch-docker", "scratch-bubblewrap", "scratch-ingest"), SCRATCH
)
"""Mebibytes."""
JUMPY = {"web", "jobs", "bubblewrap"}
"""Programs whose clocks can jump."""


class Stack:
    """Use it in a `with` block. `missing` names the parts that cannot be had here, each with the reason.

    `workers` are by name the sandbox and the queue; without an Engine bubblewrap takes docker's place.
    `predict_seconds` is how long the stand-in for the model predicts for each seed.
    `check` is called between the steps of the start; what it raises ends what was started.
    """

    def __init__(
        self,
        *,
        lane: int = 0,
        lease: int = LEASE,
        predict_seconds: float = 0.4,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        self._check = check
        self._predict_seconds = predict_seconds
        self.missing = missing_parts()
        self.lane, self.lease = lane, lease
        self.disks: dict[str, Disk] = {}
        self.clocks: dict[str, Clock] = {}
        self.engine: Engine | None = None
        self.supervisor = Supervisor()
        self._open = ExitStack()

    def __enter__(self) -> Self:
        try:
            self._begin()
        except BaseException:
            self._open.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @property
    def workers(self) -> dict[str, tuple[str, str]]:
        """Sandbox and queue by the worker's name, which is the campaign's own on this machine."""
        docker = "bubblewrap" if "engine" in self.missing else "docker"
        bubblewrap = "docker" if "bubblewrap" in self.missing else "bubblewrap"
        kinds = {"docker": (docker, "evaluate"), "bubblewrap": (bubblewrap, "evaluate"), "ingest": (docker, "ingest")}
        return {f"{self.folder.name}-{name}": kind for name, kind in kinds.items()}

    def program(self, name: str) -> Program:
        """By its name: web, jobs, beat, docker, bubblewrap, ingest."""
        return self.supervisor.programs[name]

    def scratch(self, name: str) -> Path:
        """Where the worker of this short name works."""
        return self.disks[f"scratch-{name}"].folder

    def environment(self) -> dict[str, str]:
        """What the platform's programs and commands are told."""
        return self._common() | {
            "DJANGO_SETTINGS_MODULE": "fixpoint.settings",
            "FIXPOINT_HOME": str(self.disks["home"].folder),
            "FIXPOINT_DATABASE_URL": self.postgres.url,
            "FIXPOINT_SITE_URL": self.url,
            "FIXPOINT_BROKER_URL": self.broker.url,
            "FIXPOINT_SECRET_KEY": "a campaign has no secrets",
            "FIXPOINT_MAX_DATASETS_PER_DAY": "0",
            "FIXPOINT_UPLOAD_RESERVE_MIB": "0",  # its disks are small, to be filled
            "FIXPOINT_LEASE_SECONDS": str(self.lease),
            "FIXPOINT_SWEEP_SECONDS": str(SWEEP),
            "FIXPOINT_RESEND_SECONDS": str(RESEND),
            "FIXPOINT_RETRY_SECONDS": str(RETRY),
            "FIXPOINT_AVOID_SECONDS": str(AVOID),
            "FIXPOINT_WORKER_TOKEN": TOKEN,
        }

    def manage(self, *arguments: str) -> None:
        """One of the platform's commands."""
        name = f"manage-{arguments[0]}"
        command = [sys.executable, "manage.py", *arguments]
        program = Program(name, command, self.environment(), self.logs / f"{name}.log", ROOT)
        program.start()
        try:
            wait_until(lambda: self._unless_ended(not program.is_alive), f"manage.py {arguments[0]}", 120)
        finally:
            program.stop()

    def is_answering(self) -> bool:
        """Whether the site does."""
        try:
            return httpx.get(f"{self.url}/healthz", timeout=5, trust_env=False).is_success
        except httpx.TransportError:
            return False

    def _unless_ended(self, value: bool) -> bool:
        self._check()
        return value

    def _begin(self) -> None:
        self._check()
        self.folder = Path(tempfile.mkdtemp(prefix="fixpoint-faults-"))
        self._open.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self._open.callback(sweep, self.folder)
        self.folder.chmod(0o755)
        self.logs = self.folder / "logs"
        self.logs.mkdir()
        for name, size in DISKS.items():
            place = disk(self.folder / name, size, real="mounts" not in self.missing)
            self.disks[name] = self._open.enter_context(place)
        self.network: Network = self._open.enter_context(network(self.lane, real="network" not in self.missing))
        self.model = self._model()
        self._check()
        if "engine" not in self.missing:
            own = engine(self.folder / "engine", self._common(), self.logs)
            self.engine = self._open.enter_context(own)
            self._check()
            self.engine.prepare(self.model)
        self._check()
        # What is confirmed must outlive the server's death, as in production; the machine itself does not die.
        settings = ("synchronous_commit=on", "max_wal_size=16MB", "min_wal_size=2MB")
        self.postgres = self._open.enter_context(PostgresCluster(self.disks["postgres"].folder, settings))
        self.broker = self._open.enter_context(
            Broker(self.disks["redis"].folder, self.network.address, self.logs / "redis.log")
        )
        self.port = port_for(self)
        self.url = f"http://127.0.0.1:{self.port}"
        migrate_postgres(self.postgres.url)
        self._check()
        self.proxy = self._open.enter_context(Proxy(self.network.address, self.port))
        self._open.enter_context(self.supervisor)
        self._start_programs()
        wait_until(lambda: self._unless_ended(self.is_answering()), "the site", 60)

    def _start_programs(self) -> None:
        python, celery = sys.executable, [sys.executable, "-m", "celery", "-A", "fixpoint.celery"]
        web = [python, "-m", "uvicorn", "fixpoint.asgi:application", "--port", str(self.port)]
        jobs = [*celery, "worker", "--pool", "solo", "--without-gossip", "--without-mingle", "-l", "info"]
        commands = {
            "web": [*web, "--no-access-log", "--lifespan", "off"],
            "jobs": [*jobs, "-Q", "platform"],
            "chores": [*jobs, "-Q", "platform.chores"],
            "beat": [*celery, "beat", "-s", str(self.folder / "schedule")],
        }
        for name, command in commands.items():
            self._add(name, command, self.environment())
        for number, (worker, (sandbox, queue)) in enumerate(self.workers.items()):
            name = worker.rpartition("-")[2]
            command = self.network.inside(python, "-m", "worker", "-l", "info")
            # Their scratch folders lie side by side, and a device takes one evaluation at a time.
            told = self._told(worker, name, sandbox, queue) | {"FIXPOINT_DEVICE": f"cpu{number}"}
            self._add(name, command, told)

    def _add(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        self.clocks[name] = Clock(self.folder / f"clock-{name}")
        if name in JUMPY and "clock" not in self.missing:
            environment = environment | self.clocks[name].environment(environment)
        self.supervisor.add(Program(name, command, environment, self.logs / f"{name}.log", ROOT))

    def _told(self, worker: str, name: str, sandbox: str, queue: str) -> dict[str, str]:
        return (
            self._common()
            | {
                "FIXPOINT_BROKER_URL": self.broker.workers_url,
                "FIXPOINT_PLATFORM_URL": self.proxy.url,
                "FIXPOINT_WORKER_NAME": worker,
                "FIXPOINT_WORKER_TOKEN": TOKEN,
                "FIXPOINT_WORKER_SCRATCH": str(self.scratch(name)),
                "FIXPOINT_WORKER_CACHE_BYTES": str(4 * 2**20),
                "FIXPOINT_SANDBOX": sandbox,
                "FIXPOINT_QUEUES": queue,
                "FIXPOINT_MODEL_IMAGE": IMAGE,
                "FIXPOINT_MODEL_PATH": str(self.model),
                "FIXPOINT_CODECARBON": "no",
            }
            | ({"DOCKER_HOST": self.engine.host} if self.engine else {})
        )

    def _common(self) -> dict[str, str]:
        ours = ("FIXPOINT_", "DJANGO_", "DOCKER_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        proxies = {name for name in kept if name.lower().endswith("_proxy")}
        path = os.pathsep.join([str(ROOT / "platform"), str(ROOT)])
        kept = {name: value for name, value in kept.items() if name not in proxies}
        return (
            kept
            | {"PYTHONPATH": path, "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"}
            | {MARK: str(self.folder)}
        )

    def _model(self) -> Path:
        """The stand-in, laid out as the model that workers look for."""
        package = self.folder / "model" / "fixed_model"
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        shutil.copy(ROOT / "tests" / "faults" / "campaign" / "standin.py", package / "__main__.py")
        (package / PREDICT_SECONDS).write_text(str(self._predict_seconds))
        shutil.copy(ROOT / "fixed_model" / "recipes.lock", package)
        return package.parent
