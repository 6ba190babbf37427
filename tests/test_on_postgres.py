"""The database of production: the platform's tests and the races, on a PostgreSQL of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.migrated import migrate_postgres
from tests.support.postgres import PostgresCluster

ROOT = Path(__file__).resolve().parents[1]
SAME_AS_EVERYWHERE = (
    "tests/dispatch",
    "tests/states",
    "tests/statements",
    "tests/submissions",
    "tests/tasks/test_task_services.py",
    "tests/teams",
    "tests/datasets/test_dataset_services.py",
    "tests/datasets/test_storage.py",
    "tests/leaderboard/test_freezing.py",
    "tests/leaderboard/test_ledger.py",
    "tests/leaderboard/test_standings.py",
    "tests/blobs",
    "tests/organizing/test_acts.py",
    "tests/organizing/test_analytics.py",
    "tests/organizing/test_draft_changes.py",
    "tests/organizing/test_entries_table.py",
    "tests/organizing/test_retention.py",
)
RACES = (
    "tests/dispatch/races.py",
    "tests/blobs/races.py",
    "tests/teams/races.py",
    "tests/leaderboard/races.py",
    "tests/leaderboard/freezing_races.py",
    "tests/organizing/draft_races.py",
)
ELSEWHERE = "not postgres and not s3 and not own_database"
"""What these do not run again: PostgreSQL's own tests, the store, to which the database makes no difference, and what
starts programs with an SQLite of their own, which the database of pytest never was."""

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(1600)]


@pytest.fixture(scope="module")
def cluster():
    with PostgresCluster() as cluster:
        migrate_postgres(cluster.database("test_postgres"))
        yield cluster


def run(cluster: PostgresCluster, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Each finds all tables, under the name that Django gives a database of tests, and leaves them empty."""
    environment = os.environ | {"FIXPOINT_DATABASE_URL": cluster.url}
    command = [sys.executable, "-m", "pytest", "-q", "-m", ELSEWHERE, "-p", "no:cacheprovider", "--reuse-db"]
    return subprocess.run(
        [*command, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=1500
    )


def test_all_that_holds_on_sqlite_holds_on_postgres(cluster, tmp_path):
    answer = run(cluster, *SAME_AS_EVERYWHERE, "--basetemp", str(tmp_path / "base"))
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_what_happens_in_the_same_moment_ends_as_it_must(cluster, tmp_path):
    answer = run(cluster, *RACES, "--basetemp", str(tmp_path / "base"))
    assert answer.returncode == 0, answer.stdout + answer.stderr
