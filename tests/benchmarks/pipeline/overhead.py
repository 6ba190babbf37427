"""From the upload's last byte to the score, entered by itself on acceptance, beside the same commands run by hand."""

from __future__ import annotations

import json
import tempfile
import time
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from statistics import median

import psycopg

from demo.bundle import Amounts, generate
from tests.benchmarks.pipeline.memory import tree_pss_mib
from tests.benchmarks.pipeline.processes import Installation
from tests.benchmarks.pipeline.steps import STEPS, steps_of
from tests.support.postgres import PostgresCluster
from tests.support.visitor import Visitor
from tests.worker.redis_server import RedisServer

LOOK = 0.02
"""Seconds between two looks whether an entry is scored."""
PATIENCE = 1800
SLUG = "roman-demo"
PHASES = ("ingest", "train", "predict")
STATE = """SELECT entry.id, entry.status FROM submissions_submission AS entry
 JOIN datasets_dataset AS dataset ON dataset.id = entry.dataset_id WHERE dataset.name = %s"""


class Noted:
    """A file that knows when its last byte was taken."""

    def __init__(self, file: BufferedReader) -> None:
        self._file = file
        self.taken_at = 0.0

    def read(self, size: int = -1) -> bytes:
        """As a file's."""
        piece = self._file.read(size)
        self.taken_at = time.time()
        return piece

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)


@dataclass(frozen=True)
class Overhead:
    """Seconds of every round: in all, of the bare programs, of container starts; and what idle workers took."""

    totals: list[float]
    bare: dict[str, list[float]]
    container_starts: list[float]
    steps: dict[str, list[float]]
    idle_mib: float

    @property
    def bare_seconds(self) -> float:
        """The three programs, each at its median."""
        return sum(median(self.bare[phase]) for phase in PHASES)

    @property
    def seconds(self) -> float:
        """What the platform and the worker add."""
        return median(self.totals) - self.bare_seconds


def measure(amounts: Amounts, *, rounds: int, starts: int) -> Overhead:
    """As many entries one after the other, and after each the same work by hand, so that both meet the same machine."""
    with (
        tempfile.TemporaryDirectory() as folder,
        PostgresCluster(durable=True) as postgres,
        RedisServer() as redis,
        Installation(Path(folder), postgres.url, redis.url) as site,
        Visitor(site.url) as visitor,
    ):
        files = generate(site.home / "drawn", amounts, seed=2021)
        site.start_platform(web_processes=1)
        workers = [
            site.start_worker(f"bench-{queue}-{site.port}", queue, FIXPOINT_SANDBOX="docker", FIXPOINT_LOG_LEVEL="INFO")
            for queue in ("ingest", "evaluate")
        ]
        fresh = [tree_pss_mib(worker.pid) for worker in workers]
        site.run("manage.py", "task_import", str(files.bundle), "--wait")
        visitor.sign_up()
        totals: list[float] = []
        found: dict[str, list[float]] = {}
        steps: dict[str, list[float]] = {name: [] for name in STEPS}
        with psycopg.connect(postgres.url, autocommit=True) as database:
            for number in range(rounds):
                sent, scored, entry = _enter(visitor, database, files.cleaned, f"round {number}")
                totals.append(scored - sent)
                for name, seconds in steps_of(database, entry, sent, scored).items():
                    steps[name].append(seconds)
                said = site.run("-m", "tests.benchmarks.pipeline.bare", entry, "1", str(starts))
                for name, seconds in json.loads(said.splitlines()[-1]).items():
                    found.setdefault(name, []).extend(seconds)
        idle = max([*fresh, *(tree_pss_mib(worker.pid) for worker in workers)])
        return Overhead(totals, found, found.pop("container_start"), steps, idle)


def _enter(visitor: Visitor, database: psycopg.Connection, archive: Path, name: str) -> tuple[float, float, str]:
    """When the last byte was sent, when the score was seen, and whose."""
    address = f"/datasets/new/?task={SLUG}"
    with archive.open("rb") as opened:
        file = Noted(opened)
        visitor.send(address, {"name": name, "enters": "on"}, files={"file": (archive.name, file, "application/zip")})
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        row = database.execute(STATE, (name,)).fetchone()
        if row and row[1] == "scored":
            return file.taken_at, time.time(), str(row[0])
        if row and row[1] not in {"queued", "training", "predicting"}:
            break
        time.sleep(LOOK)
    raise TimeoutError(f"{name} was not scored: {row}")
