"""The queue alone: entries through all states, with the real web, database, broker and workers, and a fake sandbox."""

from __future__ import annotations

import json
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.benchmarks.pipeline.cpu import cpu_seconds
from tests.benchmarks.pipeline.processes import Installation
from tests.support.postgres import PostgresCluster
from tests.worker.redis_server import RedisServer

STALLED_SECONDS = 180
UNDER_WAY = "SELECT count(*) FROM submissions_submission WHERE status IN ('queued', 'training', 'predicting')"
NOW = "SELECT extract(epoch FROM clock_timestamp())"
LAST = "SELECT extract(epoch FROM max(ended_at)) FROM submissions_submission"
SCORED = "SELECT count(*) FROM submissions_submission WHERE status = 'scored'"
BY_STATUS = "SELECT status, count(*) FROM submissions_submission GROUP BY status"
DOUBLED = """SELECT count(*) FROM (SELECT submission_id FROM submissions_submissiontransition
 WHERE to_status IN ('training', 'scored') GROUP BY submission_id, to_status HAVING count(*) > 1) AS twice"""
RESULTS = "SELECT count(*) FROM submissions_result"


@dataclass(frozen=True)
class Drained:
    """What became of the entries. `seconds` and CPU count from when the last worker was up to the last score."""

    entered: int
    by_status: dict[str, int]
    results: int
    doubled: int
    scored_meanwhile: int
    seconds: float
    entering_seconds: float
    cpu_seconds: dict[str, float]

    @property
    def per_second(self) -> float:
        """Entries scored a second, with all workers there."""
        return self.scored_meanwhile / self.seconds

    @property
    def cpu_seconds_per_entry(self) -> float:
        """Of all programs together: two cores carry 2 / this a second, whoever else uses them meanwhile."""
        return sum(self.cpu_seconds.values()) / self.scored_meanwhile

    @property
    def lost(self) -> int:
        """Entries that have no score at the end."""
        return self.entered - self.results


def drain(entries: int, *, web_processes: int, workers: int) -> Drained:
    """Enter so many, let the workers loose, wait until none is under way."""
    with (
        tempfile.TemporaryDirectory() as folder,
        PostgresCluster(durable=True) as postgres,
        RedisServer() as redis,
        Installation(Path(folder), postgres.url, redis.url) as site,
    ):
        site.start_platform(web_processes=web_processes)
        told = json.loads(site.run("-m", "tests.benchmarks.pipeline.entries", str(entries)))
        for number in range(workers):
            module = "tests.benchmarks.pipeline.fake_worker"
            site.start_worker(f"worker-{number}", "evaluate", module=module, FIXPOINT_CODECARBON="no")
        programs = {name: process.pid for name, process in site.running.items()}
        programs |= {"postgres": postgres.pid, "redis": redis.pid}
        with psycopg.connect(postgres.url, autocommit=True) as database:
            before = {name: cpu_seconds(pid) for name, pid in programs.items()}
            began, scored = float(_number(database, NOW)), _number(database, SCORED)
            _wait(database)
            spent = {name: cpu_seconds(pid) - before[name] for name, pid in programs.items()}
            return Drained(
                cpu_seconds=spent,
                entered=entries,
                by_status=dict(database.execute(BY_STATUS).fetchall()),
                results=_number(database, RESULTS),
                doubled=_number(database, DOUBLED),
                scored_meanwhile=_number(database, SCORED) - scored,
                seconds=float(_number(database, LAST)) - began,
                entering_seconds=told["entering_seconds"],
            )


def _wait(database: psycopg.Connection) -> None:
    """Until nothing is under way, or nothing has moved for long: what is left then counts as lost."""
    least, moved = None, time.monotonic()
    while (left := _number(database, UNDER_WAY)) and time.monotonic() - moved < STALLED_SECONDS:
        if left != least:
            least, moved = left, time.monotonic()
        time.sleep(0.5)


def _number(database: psycopg.Connection, query: str) -> int:
    row = database.execute(query).fetchone()
    assert row is not None
    return row[0]
