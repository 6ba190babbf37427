"""A site of its own behind a port, people signed in there, and a zip of some mebibytes."""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from django.conf import settings

from fixpoint.accounts.models import User
from fixpoint.tasks.models import Draft
from tests.support.names import CLASSES
from tests.support.platform import person, zip_of
from tests.support.site import Site
from tests.support.visitor import Visitor
from tests.uploads.drafted import Begin, beginning
from tests.uploads.sender import Sender

OPEN_TASK = """
from tests.support.platform import open_task
open_task({slug!r}, max_archive_bytes={most})
"""
MANY = 200
SIGNED_IN = f"""
from django.test import Client
from fixpoint.accounts.models import User
for number in range({MANY}):
    client = Client()
    name = f"person-{{number}}"
    client.force_login(User.objects.create(username=name, email=f"{{name}}@example.org"))
    print(client.cookies["sessionid"].value)
"""
DATASETS = "from fixpoint.datasets.models import Dataset; print(Dataset.objects.count())"


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """With two web processes, as in production: what one knows the other must find on the disk."""
    home = tmp_path_factory.mktemp("site") / "home"
    with Site(home, web_processes=2, FIXPOINT_MAX_UPLOADS="4") as site:
        site.ask(OPEN_TASK.format(slug="numerals", most=64 * 2**20))
        yield site


@contextmanager
def lone_site(home: Path, *, web_processes: int = 1, **told: str) -> Iterator[tuple[Site, Sender]]:
    """A site for one test alone, which may kill it, and somebody who is signed in there."""
    with Site(home, web_processes=web_processes, **told) as site, Visitor(site.url) as visitor:
        site.ask(OPEN_TASK.format(slug="numerals", most=64 * 2**20))
        visitor.sign_up()
        yield site, Sender(visitor.http)


@pytest.fixture(scope="package")
def sessions(site: Site) -> Iterator[str]:
    """Of people who are signed in, one after another: signing so many up is, rightly, refused."""
    return iter(site.ask(SIGNED_IN).split())


@pytest.fixture
def people(site: Site, sessions: Iterator[str]) -> Iterator[Callable[[], Sender]]:
    """Gives somebody new who is signed in."""
    with ExitStack() as clients:

        def next_one() -> Sender:
            cookies = {"sessionid": next(sessions)}
            http = httpx.Client(base_url=site.url, cookies=cookies, timeout=60, follow_redirects=True, trust_env=False)
            return Sender(clients.enter_context(http))

        yield next_one


@pytest.fixture
def sender(people: Callable[[], Sender]) -> Sender:
    """Somebody who is signed in."""
    return people()


@pytest.fixture(scope="session")
def archive() -> bytes:
    """A zip that the task takes, of 6 MiB that cannot be compressed."""
    return drawn_zip(1, mebibytes=6)


@pytest.fixture
def organizer() -> User:
    """With drafts, in this process' own database."""
    return person("olga", role="organizer")


@pytest.fixture
def draft(organizer: User, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Draft:
    """An empty one of the organizer's; what is on its way lies in a folder of the test's."""
    monkeypatch.setattr(settings, "FILE_UPLOAD_TEMP_DIR", str(tmp_path))
    return Draft.objects.create(owner=organizer, fields={})


@pytest.fixture
def begin(draft: Draft, organizer: User) -> Begin:
    """Begins an upload for the draft."""
    return beginning(draft, organizer)


def drawn_zip(seed: int, *, mebibytes: int) -> bytes:
    """Files of half a mebibyte in every folder that must be there."""
    draw = random.Random(seed)
    places = [f"{split}/{name}" for split in ("train", "val") for name in CLASSES]
    files = {f"{places[n % 4]}/{n}.png": b"\x89PNG\r\n\x1a\n" + draw.randbytes(2**19) for n in range(2 * mebibytes)}
    return zip_of(files)


def stored(site: Site, data: bytes) -> Path:
    """Where the store holds these bytes; their name is their sha256, which is checked here."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = site.home / "blobs" / sha256[:2] / sha256
    assert hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    return path


def parts(site: Site) -> list[Path]:
    """Files of unfinished uploads."""
    return sorted((site.home / "incoming" / "uploads").glob("*"))


def until(is_so: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for something that another process does."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)
