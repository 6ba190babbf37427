"""A browser, the site behind a port, and a platform in full swing; the web as it is run, for uploads."""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from tests.e2e.camera import chromium, sign_in
from tests.e2e.connections import Connections
from tests.e2e.seed import World, seed
from tests.e2e.sending import PATIENCE
from tests.support.platform import write_zip
from tests.support.site import Site

# Playwright's loop runs in this thread, and Django would refuse its own database for that.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
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


@pytest.fixture(scope="module")
def browser(live_server: LiveServer) -> Iterator[Browser]:
    """Needs the server, so that it is closed before it: a connection left open would warn at the end.

    One a module: while it lives, its loop runs in this thread, and no other test here could run one of its own.
    """
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def connections(live_server: LiveServer) -> Connections:
    return Connections(live_server)


@pytest.fixture
def site(transactional_db: None, live_server: LiveServer, connections: Connections) -> Iterator[str]:
    """The address of the site. The rows are deleted after the test: by then nothing may be reading them."""
    yield str(live_server.url)
    connections.wait_for_none()


@pytest.fixture
def world(site: str, broker_away: None) -> World:
    return seed()


@pytest.fixture
def context(browser: Browser, site: str) -> Iterator[BrowserContext]:
    """Needs the site, so that it is closed before the site waits for its last request."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def owners_page(context: BrowserContext, world: World, site: str) -> Page:
    """A page of the owner, signed in."""
    sign_in(context, site, "owner")
    return context.new_page()


@pytest.fixture(scope="session")
def peopled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, dict[str, str]]]:
    """The web as it is run, and the sessions of people who are signed in there, by their names."""
    with Site(tmp_path_factory.mktemp("web") / "home") as site:
        yield site, dict(line.split() for line in site.ask(SEED).splitlines())


@pytest.fixture(scope="session")
def web(peopled: tuple[Site, dict[str, str]]) -> Site:
    """The web as it is run: the protocol is answered beside Django, and a test server of Django has nothing there."""
    return peopled[0]


@pytest.fixture(scope="session")
def sessions(peopled: tuple[Site, dict[str, str]]) -> dict[str, str]:
    """Beside the form, at which who signs in so often within a minute is slowed down."""
    return peopled[1]


@pytest.fixture(scope="module")
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
