"""The programs of the embedded default, and the supervisor's file that keeps them running."""

import hashlib
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from fixpoint.embedded.broker import broker_accounts, broker_of_workers, redis_server
from fixpoint.embedded.notice import NOTICE
from fixpoint.secret_file import secret_of

WARM_STOP_SECONDS = 20
KEEP_ALIVE_SECONDS = 130
"""So long the web keeps a connection that rests: longer than any client of ours or a proxy, which then ends it.

The other way round a request that is sent in the moment of the end is lost. docker-compose.yml says the same.
"""
OWN = {"jobs": "platform", "chores": "platform.chores"}
"""The platform's own Celery processes, and the queue of each."""


@dataclass(frozen=True)
class Program:
    """One process that is started again whenever it ends."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    priority: int = 500


@dataclass(frozen=True)
class Place:
    """Where an embedded stack lives and listens."""

    root: Path
    home: Path
    host: str
    port: int
    broker: str
    sandbox: str

    @property
    def url(self) -> str:
        """The site's address."""
        return f"http://{self.host}:{self.port}"


def programs(place: Place) -> list[Program]:
    """Redis first, then the platform, then a worker per queue: reading images need not wait for a training."""
    python = sys.executable
    celery = [python, "-m", "celery", "-A"]
    return [
        Program("redis", [redis_server(), str(place.home / "run" / "redis.conf")], priority=100),
        Program(
            "web",
            [python, "-m", "uvicorn", "fixpoint.asgi:application", "--host", place.host, "--port", str(place.port),
             "--no-access-log", "--lifespan", "off", "--timeout-keep-alive", str(KEEP_ALIVE_SECONDS)],
            priority=200,
        ),
        # The sweeper apart from the long work: an examination of a minute must not keep a silent run waiting.
        *(Program(name, [*celery, "fixpoint.celery", "worker", "-Q", queue, "--pool", "solo", "-c", "1",
                         "--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "warning"])
          for name, queue in OWN.items()),
        Program("beat", [*celery, "fixpoint.celery", "beat", "-l", "warning", "-s", str(place.home / "beat")]),
        *(worker_program(place, queue) for queue in ("ingest", "evaluate")),
    ]  # fmt: skip


def worker_program(place: Place, queue: str) -> Program:
    """A worker of one queue, with all that it is told beyond what every program is."""
    queues = "ingest" if queue == "ingest" else "evaluate,evaluate.cpu"
    # A worker clears away at its start what an earlier one of its name left running: two stacks of one machine, each
    # with a home of its own, must not take each other's containers for leftovers.
    name = f"{queue}-{hashlib.sha256(str(place.home).encode()).hexdigest()[:8]}"
    return Program(
        f"worker-{queue}",
        [sys.executable, "-m", "worker", "-Q", queues, "-l", "info"],
        {"FIXPOINT_WORKER_NAME": name, "FIXPOINT_QUEUES": queues,
         "FIXPOINT_BROKER_URL": broker_of_workers(place.broker),
         "FIXPOINT_WORKER_SCRATCH": str(place.home / "scratch" / queue)},
        priority=900,
    )  # fmt: skip


def supervisor_file(place: Place) -> str:
    """The text of a supervisord.conf that runs all programs in the foreground."""
    run = place.home / "run"
    head = (
        f"[supervisord]\nnodaemon=true\nlogfile={place.home / 'logs' / 'supervisor.log'}\nloglevel=info\n"
        f"pidfile={run / 'supervisor.pid'}\nchildlogdir={place.home / 'logs'}\n"
    )
    return "\n".join([head, *(_section(place, program) for program in programs(place))])


def environment(place: Place) -> dict[str, str]:
    """What every program is told."""
    return os.environ | {
        "PYTHONPATH": os.pathsep.join([str(place.root / "platform"), str(place.root)]),
        "DJANGO_SETTINGS_MODULE": "fixpoint.settings",
        "FIXPOINT_HOME": str(place.home),
        "FIXPOINT_SITE_URL": place.url,
        "FIXPOINT_BROKER_URL": place.broker,
        "FIXPOINT_WORKER_TOKEN": secret_of("FIXPOINT_WORKER_TOKEN", place.home / "worker_token"),
        "FIXPOINT_PLATFORM_URL": place.url,
        "FIXPOINT_SANDBOX": place.sandbox,
        "FIXPOINT_SANDBOX_NOTICE": NOTICE if place.sandbox == "process" else "",
    }


def redis_file(place: Place) -> str:
    """The text of a redis.conf: passwords among the arguments would be read by everybody on this machine."""
    lines = [
        "bind 127.0.0.1",
        f"port {urlsplit(place.broker).port}",
        *broker_accounts(place.broker),
        f'dir "{place.home / "redis"}"',
        "save 60 1",
        "appendonly no",
    ]
    return "".join(f"{line}\n" for line in lines)


def _section(place: Place, program: Program) -> str:
    # Percent signs are the supervisor's own, so a password that held one would be expanded.
    command = " ".join(f'"{word}"' if " " in word else word for word in program.command).replace("%", "%%")
    told = ",".join(f'{name}="{value}"' for name, value in program.environment.items())
    return (
        f"[program:{program.name}]\ncommand={command}\ndirectory={place.root}\nenvironment={told}\n"
        f"priority={program.priority}\nautorestart=true\nstartretries=20\nstartsecs=1\nstopasgroup=false\n"
        f"killasgroup=true\nstopwaitsecs={WARM_STOP_SECONDS}\nredirect_stderr=true\n"
        f"stdout_logfile={place.home / 'logs' / (program.name + '.log')}\nstdout_logfile_maxbytes=20MB\n"
    )
