"""Tables with no row that a test made: migrating an empty database takes ten seconds, a copy none."""

import atexit
import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

from django.db import connection

from tests.support.postgres import dump, restore

ROOT = Path(__file__).resolve().parents[2]
NAME = "fixpoint.sqlite3"
SHARED = "TESTS_SHARED_FOLDER"
"""A variable that names a folder of this run of the tests, for all of its processes; without it each keeps its own."""


def place_migrated(home: Path) -> None:
    """Put an SQLite into an installation's home, unless there is one."""
    home.mkdir(parents=True, exist_ok=True)
    if not (home / NAME).exists():
        shutil.copyfile(migrated_sqlite(), home / NAME)


def migrated_sqlite() -> Path:
    """One to be copied."""
    return _made_once(NAME, _migrate_sqlite)[0]


def migrate_postgres(url: str) -> None:
    """Make all tables in the empty database at this address."""

    def migrate(file: Path) -> None:
        with tempfile.TemporaryDirectory(prefix="fixpoint-migrated-") as home:
            _migrate(Path(home), FIXPOINT_DATABASE_URL=url)
        file.write_bytes(dump(url))

    kept, is_here = _made_once("fixpoint.sql", migrate)
    if not is_here:
        restore(url, kept)


@contextmanager
def tables_in_memory() -> Iterator[None]:
    """Where pytest has an SQLite, which it keeps in memory, all tables are there until the end of the block."""
    if connection.vendor != "sqlite":
        yield
        return
    name = connection.creation._get_test_db_name()
    with closing(sqlite3.connect(name, uri=True)) as memory:  # it is there as long as anybody is connected
        with closing(sqlite3.connect(migrated_sqlite())) as kept:
            kept.backup(memory)
        yield


@contextmanager
def shared_folder() -> Iterator[None]:
    """Until the end of the block this process and all that it starts keep what they make in one folder."""
    if SHARED in os.environ:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="fixpoint-migrated-") as name:
        os.environ[SHARED] = name
        yield
        del os.environ[SHARED]


def _migrate_sqlite(file: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="fixpoint-migrated-") as name:
        home = Path(name)
        _migrate(home)
        left = sorted(path.name for path in home.glob(f"{NAME}-*"))
        assert left == [], f"what was written last lies beside the database: {left}"
        shutil.copyfile(home / NAME, file)


def _migrate(home: Path, **told: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FIXPOINT_", "DJANGO_"))}
    path = os.pathsep.join([str(ROOT / "platform"), str(ROOT)])
    ours = {"PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "fixpoint.settings", "FIXPOINT_HOME": str(home)}
    command = [sys.executable, "manage.py", "migrate", "-v", "0"]
    subprocess.run(command, cwd=ROOT, env=kept | ours | told, check=True, timeout=300)


def _made_once(name: str, make: Callable[[Path], None]) -> tuple[Path, bool]:
    """A file of this name, and whether it was made here and now: by the first who asks, others wait for it."""
    file = _folder() / name
    with file.with_name(f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_new := not file.exists():
            unfinished = file.with_name(f"{name}.unfinished")
            make(unfinished)
            unfinished.rename(file)
    return file, is_new


def _folder() -> Path:
    return Path(os.environ[SHARED]) if SHARED in os.environ else _own_folder()


@cache
def _own_folder() -> Path:
    folder = tempfile.mkdtemp(prefix="fixpoint-migrated-")
    atexit.register(shutil.rmtree, folder)
    return Path(folder)
