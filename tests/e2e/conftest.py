"""A browser, the site behind a port, and a platform in full swing."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.e2e.camera import chromium, sign_in
from tests.e2e.connections import Connections
from tests.e2e.seed import World, seed

# Playwright's loop runs in this thread, and Django would refuse its own database for that.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

PATIENCE = 30_000
"""Milliseconds for what is to be seen: Playwright's own five seconds are soon over on a machine with other work."""
expect.set_options(timeout=PATIENCE)


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
    context.set_default_timeout(PATIENCE)
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
