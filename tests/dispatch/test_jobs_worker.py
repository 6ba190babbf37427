"""The platform's own worker, in a process: what becomes of it when its broker goes away."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from celery import Celery

from fixpoint.acknowledge import LoudRequest
from fixpoint.dispatch.jobs import sweep
from tests.support.migrated import place_migrated
from tests.worker.redis_server import RedisServer

ROOT = Path(__file__).resolve().parents[2]
WORKER = [sys.executable, "-m", "celery", "-A", "fixpoint.celery", "worker", "-Q", "platform", "--pool", "solo"]


@pytest.mark.own_database
def test_a_broker_that_went_away_during_a_sweep_does_not_leave_the_sweeper_deaf(tmp_path):
    with RedisServer() as broker:
        told = {name: value for name, value in os.environ.items() if not name.startswith(("FIXPOINT_", "DJANGO_"))} | {
            "PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT)]),
            "FIXPOINT_HOME": str(tmp_path),
            "FIXPOINT_BROKER_URL": broker.url,
        }
        place_migrated(tmp_path)
        log = tmp_path / "log"
        with log.open("wb") as out:
            process = subprocess.Popen([*WORKER, "-l", "info"], cwd=ROOT, env=told, stdout=out, stderr=out)
        try:
            wait_for(lambda: "ready." in log.read_text())
            database = sqlite3.connect(tmp_path / "fixpoint.sqlite3", isolation_level=None)
            database.execute("BEGIN IMMEDIATE")  # the sweep has to wait here
            send_sweep(broker)
            wait_for(lambda: "received" in log.read_text())
            broker.kill()
            database.execute("ROLLBACK")
            database.close()
            wait_for(lambda: "onnect" in log.read_text().partition("succeeded")[2])
            broker.start()
            send_sweep(broker)
            wait_for(lambda: log.read_text().count("succeeded") >= 2)
        finally:
            process.kill()
            process.wait()


def test_an_acknowledgement_that_fails_is_an_error():
    assert sweep.Request == "fixpoint.acknowledge:LoudRequest"
    request = LoudRequest.__new__(LoudRequest)
    request.acknowledged, request._message = False, Unheard()
    with pytest.raises(ConnectionError):
        request.acknowledge()
    assert not request.acknowledged


class Unheard:
    """A message whose broker is away."""

    def ack(self) -> None:
        raise ConnectionError


def send_sweep(broker: RedisServer) -> None:
    with Celery("beat", broker=broker.url) as beat:
        beat.send_task("fixpoint.dispatch.jobs.sweep", queue="platform", ignore_result=True)


def wait_for(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)
