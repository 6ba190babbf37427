"""The board on the database of production: the same tests, and writers beside readers."""

import pytest

from tests.dispatch.test_on_postgres import run
from tests.support.postgres import PostgresCluster

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(1600)]


@pytest.fixture(scope="module")
def cluster():
    with PostgresCluster() as cluster:
        yield cluster


@pytest.mark.parametrize(
    "tests",
    [
        "tests/leaderboard/races.py",
        "tests/leaderboard/freezing_races.py",
        "tests/leaderboard/test_freezing.py",
        "tests/leaderboard/test_ledger.py",
    ],
)
def test_no_change_is_missed_on_postgres(cluster, tmp_path, tests):
    # The first makes the tables, and every test leaves them empty.
    answer = run(cluster, tests, "--reuse-db", "--basetemp", str(tmp_path / "base"))
    assert answer.returncode == 0, answer.stdout + answer.stderr
