"""A browser, the site behind a port, and a platform in full swing."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from tests.e2e.camera import chromium, sign_in
from tests.e2e.seed import World, seed

# Playwright's loop runs in this thread, and Django would refuse its own database for that.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.fixture(scope="module")
def browser(live_server: LiveServer) -> Iterator[Browser]:
    """Needs the server, so that it is closed before it: a connection left open would warn at the end.

    One a module: while it lives, its loop runs in this thread, and no other test here could run one of its own.
    """
    with chromium() as browser:
        yield browser


@pytest.fixture
def site(transactional_db: None, live_server: LiveServer) -> str:
    """The address of the site."""
    return str(live_server.url)


@pytest.fixture
def world(site: str) -> World:
    return seed()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
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
