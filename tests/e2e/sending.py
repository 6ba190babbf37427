"""A zip sent by a browser: chosen, held on its way, watched, and found again in the store."""

import re
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Request, Route, expect

from tests.support.site import Site
from tests.uploads.conftest import parts, stored, until

PIECE = 8 * 2**20
PATIENCE = 30_000
"""Milliseconds: a server that was killed must come up again, on a machine with other work."""
UPLOAD = re.compile(r"/uploads/[0-9a-f-]{36}/")


def chosen(context: BrowserContext, web: Site, file: Path, name: str = "first try") -> Page:
    page = context.new_page()
    page.goto(f"{web.url}/datasets/new/?task=numerals")
    page.get_by_label("Name").fill(name)
    page.set_input_files("input[type=file]", file)
    return page


def send(page: Page) -> None:
    page.get_by_role("button", name="Upload", exact=True).click()


def held_after(page: Page, pieces: int) -> list[Route]:
    """Lets this many pieces through and keeps the next one on its way."""
    waiting: list[Route] = []
    passed: list[Request] = []

    def judge(route: Route) -> None:
        if route.request.method == "PATCH" and len(passed) >= pieces:
            waiting.append(route)
            return
        if route.request.method == "PATCH":
            passed.append(route.request)
        route.continue_()

    page.route(UPLOAD, judge)
    return waiting


def send_partly(page: Page, pieces: int) -> list[Route]:
    """Begins, and comes back when the piece after these waits."""
    waiting = held_after(page, pieces)
    send(page)
    until(lambda: (page.wait_for_timeout(50), bool(waiting))[1])
    return waiting


def leave(page: Page) -> None:
    """Closes it; the blank page comes first, because a browser may let go at closing what a test holds back."""
    page.goto("about:blank")
    page.close()


def arrived(web: Site) -> int:
    return sum(path.stat().st_size for path in parts(web))


def watched(page: Page) -> list[int]:
    """The offsets at which pieces are sent from now on."""
    offsets: list[int] = []

    def note(request: Request) -> None:
        if request.method == "PATCH":
            offsets.append(int(request.headers["upload-offset"]))

    page.on("request", note)
    return offsets


def expect_taken(page: Page, web: Site, file: Path) -> None:
    page.wait_for_url(re.compile(r"/datasets/[0-9a-f-]{36}/"), timeout=60_000)
    expect(page.get_by_text("Reading images").first).to_be_visible(timeout=PATIENCE)
    stored(web, file.read_bytes())
    until(lambda: parts(web) == [])
