"""The web as it is run, in processes of its own, and people in browsers there: one site for all of this folder."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.e2e.camera import chromium
from tests.e2e.sending import PATIENCE
from tests.support.platform import write_zip
from tests.support.site import Site

SEED = """
from django.test import Client
from tests.support.platform import open_task, person
open_task("numerals", title="Numerals", max_archive_bytes=64 * 2**20)
person("second")
for user in person("owner"), person("olga", role="organizer"):
    client = Client()
    client.force_login(user)
    print(user.username, client.cookies["sessionid"].value)
"""


@pytest.fixture(scope="package")
def peopled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, dict[str, str]]]:
    """The web as it is run, and the sessions of people who are signed in there, by their names."""
    with Site(tmp_path_factory.mktemp("web") / "home") as site:
        yield site, dict(line.split() for line in site.ask(SEED).splitlines())


@pytest.fixture(scope="package")
def web(peopled: tuple[Site, dict[str, str]]) -> Site:
    """The web as it is run: the protocol is answered beside Django, and a test server of Django has nothing there."""
    return peopled[0]


@pytest.fixture(scope="package")
def sessions(peopled: tuple[Site, dict[str, str]]) -> dict[str, str]:
    """Beside the form, at which who signs in so often within a minute is slowed down."""
    return peopled[1]


@pytest.fixture(scope="package")
def window(web: Site) -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def people(window: Browser, web: Site, sessions: dict[str, str]) -> Iterator[BrowserContext]:
    """A browser in which the owner is signed in."""
    with signed_in(window, web, sessions["owner"]) as context:
        yield context


@pytest.fixture
def organizing(window: Browser, web: Site, sessions: dict[str, str]) -> Iterator[BrowserContext]:
    """A browser in which an organizer is signed in."""
    with signed_in(window, web, sessions["olga"]) as context:
        yield context


@contextmanager
def signed_in(window: Browser, web: Site, session: str) -> Iterator[BrowserContext]:
    context = window.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE)
    context.add_cookies([{"name": "sessionid", "value": session, "url": web.url}])
    yield context
    context.close()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Of three pieces, never the same twice."""
    draw = random.Random()
    folders = [f"{split}/{name}" for split in ("train", "val") for name in ("klasse-eins", "klasse-zwei")]
    files = {f"{folders[n % 4]}/{n}.png": b"\x89PNG\r\n\x1a\n" + draw.randbytes(2**19) for n in range(40)}
    return write_zip(tmp_path / "numerals.zip", files)
