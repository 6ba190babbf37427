"""The database: SQLite in files of its own, PostgreSQL from a throwaway server, both well and ill."""

import time

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from fixpoint.organizing.doctor.database import database, database_clock, migrations
from fixpoint.settings import database as settings_of
from tests.support.postgres import PostgresCluster
from tests.support.sockets import closed_port
from worker.contract import Level


@pytest.fixture
def sqlite(database_at, tmp_path):
    """A database in a file, as the embedded default has it, but for what a test wants otherwise."""

    def make(**options):
        (tmp_path / "fixpoint.sqlite3").touch()
        return database_at(**settings_of("") | {"NAME": tmp_path / "fixpoint.sqlite3"} | options)

    return make


def test_sqlite_is_told_with_its_mode(sqlite):
    finding = database(sqlite())
    assert finding.level is Level.OK
    assert "WAL mode" in finding.found


def test_sqlite_without_wal_is_a_warning(sqlite):
    finding = database(sqlite(OPTIONS={}))
    assert finding.level is Level.WARN
    assert "journal mode delete" in finding.found


def test_a_missing_file_is_told_and_not_made(database_at, tmp_path):
    missing = tmp_path / "nowhere.sqlite3"
    finding = database(database_at(**settings_of("") | {"NAME": missing}))
    assert finding.level is Level.FAIL
    assert "manage.py migrate" in finding.advice
    assert not missing.exists()


def test_a_file_that_is_no_database_fails(sqlite, tmp_path):
    broken = sqlite()
    (tmp_path / "fixpoint.sqlite3").write_bytes(b"not a database " * 1000)
    finding = database(broken)
    assert finding.level is Level.FAIL
    assert "not a database" in finding.found


def test_migrations_that_are_applied_are_counted(db):
    finding = migrations(connection)
    assert finding.level is Level.OK
    assert finding.found.startswith("all ")


def test_migrations_that_are_not_applied_fail_by_name(sqlite):
    finding = migrations(sqlite())
    assert finding.level is Level.FAIL
    assert "manage.py migrate" in finding.advice
    assert ".0001_" in finding.found


def test_one_missing_migration_is_enough(db):
    (newest,) = MigrationLoader(connection).graph.leaf_nodes("submissions")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = %s AND name = %s", newest)
    finding = migrations(connection)
    assert (finding.level, finding.found) == (Level.FAIL, f"1 are not applied: {'.'.join(newest)}")


@pytest.mark.parametrize(("seconds", "level"), [(0, "ok"), (10, "warn"), (-10, "warn"), (600, "warn")])
def test_the_clock_of_sqlite_is_set_beside_ours(sqlite, seconds, level):
    assert database_clock(sqlite(), lambda: time.time() - seconds).level == level


@pytest.mark.postgres
def test_postgres_answers_and_its_clock_is_ours(database_at):
    with PostgresCluster() as cluster:
        there = database_at(**settings_of(cluster.url))
        finding = database(there)
        assert finding.level is Level.OK
        assert finding.found.startswith("PostgreSQL ")
        assert finding.found.endswith(f"127.0.0.1:{cluster.port}")
        assert database_clock(there).level is Level.OK
        assert database_clock(there, lambda: time.time() - 10).level is Level.WARN
        assert migrations(there).level is Level.FAIL
        there.close()


def test_postgres_that_is_down_fails_and_keeps_its_password(database_at):
    url = f"postgres://fixpoint:a-password@127.0.0.1:{closed_port()}/fixpoint"
    finding = database(database_at(**settings_of(url)))
    assert finding.level is Level.FAIL
    assert "FIXPOINT_DATABASE_URL" in finding.advice
    assert "a-password" not in finding.line
