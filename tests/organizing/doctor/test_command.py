"""`manage.py doctor` as a person starts it: its lines, its JSON, its status, and how long it takes at the worst."""

import json
import os
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.migrated import migrate_postgres, place_migrated
from tests.support.postgres import PostgresCluster
from tests.support.sockets import closed_port
from tests.worker.redis_server import RedisServer

ROOT = Path(__file__).resolve().parents[3]
DISK = {"disk"}  # whether this machine has 5 GiB free is no test's business
SECRETS = ("broker-password", "database-password", "a-key-of-the-site", "mail-password")
NAMES = [
    "broker", "broker clock", "broker queues", "database", "database clock", "migrations", "blobs", "disk",
    "storage", "browser libraries", "recipes", "tasks", "waiting jobs", "known workers", "sweeper", "chores", "leases",
]  # fmt: skip


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def manage(home):
    """Runs a command in a home of its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("FIXPOINT_", "DJANGO_"))}

    def run(*arguments: str, **told: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=inherited | {"FIXPOINT_HOME": str(home)} | told,
            capture_output=True,
            text=True,
            timeout=240,
        )

    return run


def levels(answer: subprocess.CompletedProcess[str]) -> dict[str, str]:
    """The level of each check, of a run with --json."""
    return {each["check"]: each["level"] for each in json.loads(answer.stdout)["findings"]}


def test_an_installation_of_which_nothing_runs_yet_but_the_broker(manage, home):
    with RedisServer() as server:
        place_migrated(home)
        answer = manage("doctor", "--json", FIXPOINT_BROKER_URL=server.url)
        lines = manage("doctor", FIXPOINT_BROKER_URL=server.url)
    found = levels(answer)
    assert list(found) == [*NAMES, "worker"]
    assert {name for name, level in found.items() if level != "ok"} - DISK == {"sweeper", "chores", "known workers"}
    assert (answer.returncode, json.loads(answer.stdout)["ok"]) == (0, True)
    assert [line[6:].split("  ")[0] for line in lines.stdout.splitlines()] == [*NAMES, "worker"]
    assert "python -m worker doctor" in lines.stdout.splitlines()[-1]


def test_where_nothing_failed_the_status_is_0(manage, home):
    with RedisServer() as server:
        place_migrated(home)
        sweep = "from fixpoint.dispatch.sweeping import attempts_sweep; attempts_sweep()"
        # Of rounds so far apart that none is late when a busy machine has begun with the doctor.
        told = {"FIXPOINT_BROKER_URL": server.url, "FIXPOINT_SWEEP_SECONDS": "100"}
        manage("shell", "--no-imports", "-v", "0", "-c", sweep, **told)
        answer = manage("doctor", "--json", **told)
    assert (answer.returncode, json.loads(answer.stdout)["ok"]) == (0, True), answer.stdout + answer.stderr


@pytest.mark.postgres
def test_on_postgres_every_check_is_made_too(manage):
    with RedisServer() as server, PostgresCluster() as cluster:
        told = {"FIXPOINT_BROKER_URL": server.url, "FIXPOINT_DATABASE_URL": cluster.url}
        migrate_postgres(cluster.url)
        found = levels(manage("doctor", "--json", **told))
    assert list(found) == [*NAMES, "worker"]
    assert {name for name, level in found.items() if level != "ok"} - DISK == {"sweeper", "chores", "known workers"}


def test_broker_and_database_that_hang_do_not_hang_the_doctor_nor_hide_the_rest(manage):
    with socket.create_server(("127.0.0.1", 0), backlog=64) as silent, ThreadPoolExecutor(1) as pool:
        port = silent.getsockname()[1]
        doctor = pool.submit(
            manage,
            "doctor",
            "--json",
            FIXPOINT_BROKER_URL=f"redis://:x@127.0.0.1:{port}/0",
            FIXPOINT_DATABASE_URL=f"postgres://fixpoint:x@127.0.0.1:{port}/fixpoint",
        )
        silent.settimeout(240)
        asked, _ = silent.accept()
        began = time.monotonic()  # with its first question: how long a busy machine takes to begin is not the doctor's
        with asked:
            answer = doctor.result()
    assert time.monotonic() - began < 40
    found = levels(answer)
    assert (found["broker"], found["database"]) == ("FAIL", "FAIL")
    assert (found["broker clock"], found["migrations"], found["tasks"]) == ("warn", "warn", "warn")
    assert (found["blobs"], found["recipes"]) == ("ok", "ok")
    assert answer.returncode == 1


@pytest.mark.parametrize("broken", ["broker-password", "broker-password/", "[broker-password"])
def test_no_secret_is_printed_whatever_fails(manage, broken):
    told = {
        "FIXPOINT_BROKER_URL": f"redis://:{broken}@127.0.0.1:{closed_port()}/0",
        "FIXPOINT_DATABASE_URL": f"postgres://fixpoint:database-password@127.0.0.1:{closed_port()}/fixpoint",
        "FIXPOINT_SECRET_KEY": "a-key-of-the-site",
        "FIXPOINT_EMAIL_PASSWORD": "mail-password",
    }
    for arguments in (["doctor"], ["doctor", "--json"]):
        answer = manage(*arguments, **told)
        assert answer.returncode == 1
        assert [secret for secret in SECRETS if secret in answer.stdout + answer.stderr] == []


def test_the_embedded_default_includes_what_the_workers_doctor_says(manage):
    site = f"http://127.0.0.1:{closed_port()}"
    answer = manage("doctor", "--json", "--sandbox", "process", FIXPOINT_SITE_URL=site, FIXPOINT_WORKER_CACHE_BYTES="1")
    found = levels(answer)
    assert found["database"] == "FAIL", "no stack runs from this home"
    assert (found["worker settings"], found["worker site"]) == ("ok", "FAIL")
    assert (found["worker sandbox"], found["worker scratch"]) == ("warn", "ok")
    assert "manage.py up" in answer.stdout


def test_a_setting_that_a_worker_refuses_is_a_failure(manage, tmp_path):
    answer = manage("doctor", "--json", FIXPOINT_GPU="perhaps")
    worker = [each for each in json.loads(answer.stdout)["findings"] if each["check"].startswith("worker")]
    assert [(each["check"], each["level"]) for each in worker] == [("worker settings", "FAIL")]
    assert "FIXPOINT_GPU" in worker[0]["found"]
