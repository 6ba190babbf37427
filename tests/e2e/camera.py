"""Pictures of pages in Chromium: each in light and dark, at the width of a desktop and of a phone."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

WIDTHS = {"desktop": (1280, 800), "phone": (390, 844)}
PROGRAMS = ("chromium-headless-shell", "chromium")
"""The first that is there: the same engine without a desktop's windows takes a quarter of the time for a page."""

UNDISTURBED = Path(__file__).with_name("chromium_undisturbed.py")
PASSWORD = "correct horse battery"


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's Chromium, or the one that FIXPOINT_CHROMIUM names."""
    path = next(filter(None, (os.environ.get("FIXPOINT_CHROMIUM"), *map(shutil.which, PROGRAMS))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=UNDISTURBED,
            args=["--no-sandbox"],
            timeout=120_000,
            env={**os.environ, "FIXPOINT_CHROMIUM_PROGRAM": path or "chromium"},
        )
        try:
            yield browser
        finally:
            browser.close()


def pictures(site: str, pages: dict[str, tuple[str, str]], folder: Path) -> None:
    """One PNG for each page, theme and width; says which pages scroll sideways."""
    people = {person for _, person in pages.values()}
    with chromium() as browser:
        for width, (x, y) in WIDTHS.items():
            for theme in ("light", "dark"):
                for person in sorted(people):
                    context = browser.new_context(viewport={"width": x, "height": y}, color_scheme=theme)
                    if person:
                        sign_in(context, site, person)
                    for name, (address, who) in pages.items():
                        if who == person:
                            _picture(context, site + address, folder / f"{name}.{width}.{theme}.png")
                    context.close()


def sign_in(context: BrowserContext, site: str, person: str) -> None:
    """Through the form, as a person does."""
    page = context.new_page()
    page.goto(f"{site}/accounts/login/")
    page.fill("input[name=login]", person)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(f"{site}/")
    page.close()


def _picture(context: BrowserContext, address: str, file: Path) -> None:
    page = context.new_page()
    page.goto(address)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        print(f"{file.name} scrolls sideways")
    page.screenshot(path=file, full_page=True)
    page.close()
