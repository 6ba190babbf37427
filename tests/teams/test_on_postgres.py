"""Teams on the database of production: the same tests, and the races."""

import pytest

from tests.dispatch.test_on_postgres import run
from tests.support.postgres import PostgresCluster

pytestmark = pytest.mark.postgres


def test_teams_hold_on_postgres_and_in_the_same_moment(tmp_path):
    with PostgresCluster() as cluster:
        answer = run(cluster, "tests/teams/races.py", "tests/teams", "--basetemp", str(tmp_path / "base"))
    assert answer.returncode == 0, answer.stdout + answer.stderr
