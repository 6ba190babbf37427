"""The database of production: the platform's tests and the races, on a PostgreSQL of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.postgres import PostgresCluster

ROOT = Path(__file__).resolve().parents[2]
SAME_AS_EVERYWHERE = (
    "tests/dispatch",
    "tests/states",
    "tests/statements",
    "tests/submissions",
    "tests/tasks/test_task_services.py",
    "tests/datasets/test_dataset_services.py",
    "tests/datasets/test_storage.py",
    "tests/leaderboard/test_standings.py",
    "tests/blobs",
    "tests/organizing/test_acts.py",
    "tests/organizing/test_analytics.py",
    "tests/organizing/test_entries_table.py",
    "tests/organizing/test_retention.py",
)
ELSEWHERE = "not postgres and not s3"
"""What these do not run again: themselves, and the store, to which the database makes no difference."""

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(1600)]


@pytest.fixture(scope="module")
def cluster():
    with PostgresCluster() as cluster:
        yield cluster


def run(cluster: PostgresCluster, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"FIXPOINT_DATABASE_URL": cluster.url}
    command = [sys.executable, "-m", "pytest", "-q", "-m", ELSEWHERE, "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=1500)


def test_what_happens_in_the_same_moment_ends_as_it_must(cluster, tmp_path):
    answer = run(cluster, "tests/dispatch/races.py", "tests/blobs/races.py", "--basetemp", str(tmp_path / "base"))
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_all_that_holds_on_sqlite_holds_on_postgres(cluster, tmp_path):
    answer = run(cluster, *SAME_AS_EVERYWHERE, "--basetemp", str(tmp_path / "base"))
    assert answer.returncode == 0, answer.stdout + answer.stderr
