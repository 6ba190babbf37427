"""The database: whether it answers, is of this version, and has the same time as we."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import Error
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from fixpoint.organizing.doctor.clocks import clock_finding
from worker.contract import Finding, Level

MIGRATE = "stop the platform, back up, run `manage.py migrate` (`up` and docker-compose do it at their start)"
_TIME = {
    "postgresql": "SELECT extract(epoch FROM clock_timestamp())",
    "sqlite": "SELECT (julianday('now') - 2440587.5) * 86400.0",
}


def database(connection: BaseDatabaseWrapper) -> Finding:
    """Whether it answers; SQLite must write ahead, or readers and writers stop each other."""
    place = str(connection.settings_dict["NAME"])
    is_sqlite = connection.vendor == "sqlite"
    # Connecting would make an empty one.
    if is_sqlite and place.startswith("/") and not Path(place).exists():
        return Finding(Level.FAIL, f"there is no database {place}", "run `manage.py migrate`, or `manage.py up`")
    try:
        if is_sqlite:
            return _of_sqlite(connection, place)
        version = _value(connection, "SHOW server_version")
    except Error as error:
        advice = "see that it runs and that FIXPOINT_DATABASE_URL is its address (docker-compose logs postgres)"
        return Finding(Level.FAIL, f"it does not answer: {error}", advice)
    settings = connection.settings_dict
    return Finding(Level.OK, f"PostgreSQL {version} answers at {settings['HOST']}:{settings['PORT'] or 5432}")


def migrations(connection: BaseDatabaseWrapper) -> Finding:
    """Whether all of them are applied."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _ in plan[:3])
        return Finding(Level.FAIL, f"{len(plan)} are not applied: {names}{'…' if len(plan) > 3 else ''}", MIGRATE)
    return Finding(Level.OK, f"all {len(executor.loader.applied_migrations)} are applied")


def database_clock(connection: BaseDatabaseWrapper, our_time: Callable[[], float] = time.time) -> Finding:
    """Its clock beside ours; that of SQLite is ours, unless something is very wrong."""
    connection.ensure_connection()
    before = our_time()
    theirs = float(_value(connection, _TIME[connection.vendor]))
    return clock_finding(theirs=theirs, before=before, after=our_time())


def _of_sqlite(connection: BaseDatabaseWrapper, place: str) -> Finding:
    version, mode = _value(connection, "SELECT sqlite_version()"), _value(connection, "PRAGMA journal_mode")
    if mode != "wal":
        advice = "put FIXPOINT_HOME on a local disk: a network's file system does not bear WAL mode"
        return Finding(Level.WARN, f"SQLite {version}, {place}, journal mode {mode} and not wal", advice)
    return Finding(Level.OK, f"SQLite {version}, {place}, WAL mode")


def _value(connection: BaseDatabaseWrapper, query: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]
