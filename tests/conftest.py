"""What every test may use: the parts of the machine by mark, real data, and three standing people."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import hypothesis
import pytest
from django.core.cache import caches
from django.utils import translation
from kombu.exceptions import OperationalError

from tests.keras import environment as keras_environment
from tests.lanes import Lanes, place_of
from tests.support import swift
from tests.support.migrated import shared_folder, tables_in_memory

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings
    from xdist.remote import Producer

    from fixpoint.accounts.models import User
    from fixpoint.tasks.models import Task
    from tests.support.object_store import ObjectStore

# Machines here are noisy: how long an example takes says nothing about the code. And each change is tried with the
# same examples, so that none is refused for what another one brought; to look for new ones is `wandering`.
SAME = hypothesis.settings(
    deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], print_blob=True, derandomize=True
)
hypothesis.settings.register_profile("same", SAME)
hypothesis.settings.register_profile("wandering", SAME, derandomize=False)
hypothesis.settings.load_profile("same")

REQUIRED = {part for part in os.environ.get("FIXPOINT_REQUIRE", "").split(",") if part}


@cache
def _has_docker() -> str:
    if not shutil.which("docker"):
        return "Docker is not installed"
    answer = subprocess.run(["docker", "info"], capture_output=True, check=False)
    return "" if answer.returncode == 0 else "no Docker Engine answers"


def _has_postgres() -> str:
    found = list(Path("/usr/lib/postgresql").glob("*/bin/postgres")) or shutil.which("postgres")
    return "" if found else "PostgreSQL's server is not installed"


def _has_program(name: str) -> Callable[[], str]:
    return lambda: "" if shutil.which(name) else f"{name} is not installed"


def _has_browser() -> str:
    return "" if any(map(shutil.which, ("chromium-headless-shell", "chromium"))) else "chromium is not installed"


def _has_data() -> str:
    folder = os.environ.get("FIXPOINT_REAL_DATA")
    if not folder:
        return "FIXPOINT_REAL_DATA is not set"
    return "" if (Path(folder) / "roman" / "original.zip").exists() else f"no roman/original.zip under {folder}"


PARTS: dict[str, Callable[[], str]] = {
    "docker": _has_docker,
    "postgres": _has_postgres,
    "browser": _has_browser,
    "bubblewrap": _has_program("bwrap"),
    "data": _has_data,
    "keras": keras_environment.why_missing,
    "s3": swift.why_missing,
}
"""Each part's mark, and what says why it is missing ("" where it is there)."""


def pytest_configure(config: pytest.Config) -> None:
    """A required part that nobody knows would be required in vain: a slip of the pen must not pass as a success."""
    if unknown := REQUIRED - PARTS.keys():
        known = ", ".join(sorted(PARTS))
        raise pytest.UsageError(
            f"FIXPOINT_REQUIRE names {', '.join(sorted(unknown))}; what can be required is {known}."
        )
    sharing = ExitStack()
    sharing.enter_context(shared_folder())
    config.add_cleanup(sharing.close)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: "Producer") -> Lanes:
    """With `-n`, processes run whole files, in the order of tests/lanes.py and not of the number of tests."""
    config.option.loadscopereorder = False
    return Lanes(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what the machine cannot run, with the reason; where FIXPOINT_REQUIRE names the part, let it fail instead."""
    if hasattr(config, "workerinput"):  # one of several processes
        items.sort(key=lambda item: place_of(item.nodeid))
    selected = str(config.getoption("markexpr"))
    missing: dict[str, str] = {}
    for item in items:
        if item.get_closest_marker("real") and "real" not in selected:
            item.add_marker(pytest.mark.skip(reason="the full recipe takes an hour: make real runs it"))
        for part, why in PARTS.items():
            if item.get_closest_marker(part):
                reason = missing.setdefault(part, why())
                if reason and part not in REQUIRED:
                    item.add_marker(pytest.mark.skip(reason=reason))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A part that is required and missing fails its tests, in its own words."""
    for part in REQUIRED & PARTS.keys():
        if item.get_closest_marker(part) and (reason := PARTS[part]()):
            pytest.fail(f"FIXPOINT_REQUIRE names {part}, but {reason}.", pytrace=False)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """The database of this process has its tables before pytest-django looks which ones are to be made."""
    with tables_in_memory():
        yield


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data; use it with the mark `data`."""
    return Path(os.environ["FIXPOINT_REAL_DATA"]).resolve()


@pytest.fixture
def terminal_signals() -> Iterator[None]:
    """SIGINT and SIGHUP as a terminal gives them: a job in the background begins with them ignored."""
    given = {signal.SIGINT: signal.default_int_handler, signal.SIGHUP: signal.SIG_DFL}
    before = {each: signal.signal(each, handler) for each, handler in given.items()}
    yield
    for each, handler in before.items():
        signal.signal(each, handler)


@pytest.fixture(autouse=True)
def _own_home(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Every test of the platform has a folder of its own: blobs, uploads and outputs of one never meet another's."""
    if "settings" not in request.fixturenames and not _has_database(request):
        return
    settings = request.getfixturevalue("settings")
    for name in ("incoming", "blobs"):
        (tmp_path / name).mkdir(exist_ok=True)
    settings.HOME = tmp_path
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # Argon2 is slow on purpose
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "incoming")
    settings.STORAGES = settings.STORAGES | {
        "blobs": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "blobs"), "allow_overwrite": True},
        }
    }


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """A page that one test asked for in another language leaves nothing that speaks it behind."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _no_brakes(request: pytest.FixtureRequest) -> None:
    """What one test asked counts against no other."""
    if _has_database(request):
        caches["default"].clear()


def _has_database(request: pytest.FixtureRequest) -> bool:
    """By the mark, which names no fixture, or by a fixture."""
    marked = request.node.get_closest_marker("django_db") is not None
    return marked or bool({"db", "transactional_db"} & set(request.fixturenames))


@pytest.fixture(scope="session")
def object_store() -> "Iterator[ObjectStore]":
    """The S3 server, started when the first test asks for it; use it with the mark `s3`."""
    with import_module("tests.support.object_store").ObjectStore() as server:
        yield server


@pytest.fixture
def bucket(object_store: "ObjectStore", settings: "Settings", monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty bucket, in which the platform of this process keeps its blobs; its name."""
    object_store.start()
    name = object_store.bucket()
    for variable, value in object_store.variables(name).items():
        monkeypatch.setenv(variable, value)
    blobs_storage = import_module("fixpoint.blobs.configured").blobs_storage
    settings.STORAGES = settings.STORAGES | {"blobs": blobs_storage("")}
    return name


@pytest.fixture
def rows(db: None) -> ModuleType:
    """The maker of people, tasks and datasets; imported late, as tests of model and worker run without Django."""
    return import_module("tests.support.platform")


@pytest.fixture
def broker_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody takes jobs, and that is known at once; where nobody listens it takes a second to find out, each time."""

    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("No broker stands beside this test.")

    monkeypatch.setattr("fixpoint.celery.app.send_task", refuse)


@pytest.fixture
def owner(rows: ModuleType) -> "User":
    """A participant, whose things the tests are about."""
    return rows.person("owner")


@pytest.fixture
def stranger(rows: ModuleType) -> "User":
    """Another participant."""
    return rows.person("stranger")


@pytest.fixture
def organizer(rows: ModuleType) -> "User":
    """Somebody who runs tasks."""
    return rows.person("organizer", role="organizer")


@pytest.fixture
def task(rows: ModuleType) -> "Task":
    """An open task with two classes and four hidden images."""
    return rows.open_task()
