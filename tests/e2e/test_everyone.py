"""Every page for everyone: phones, keyboards, screen readers, slow lines, strict browsers."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response

from tests.e2e.camera import sign_in
from tests.e2e.seed import World
from tests.e2e.seed_pages import pages_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
POLICY = "content-security-policy"
BUDGET = 150_000
"""Bytes of one page with all that it loads from us, uncompressed."""


def test_no_page_scrolls_sideways_on_a_phone(browser: Browser, site: str, world: World) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})

    width = "document.documentElement.scrollWidth"
    wide = [name for name, page in _visit(context, site, world) if page.evaluate(width) > 390]

    assert wide == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(browser: Browser, site: str, world: World, theme: Any) -> None:
    # The pages' own policy would keep axe out, which is put into them.
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme=theme, bypass_csp=True)

    found = {name: faults for name, page in _visit(context, site, world) if (faults := _axe(page))}

    assert found == {}


def test_no_page_does_what_its_own_content_policy_forbids(browser: Browser, site: str, world: World) -> None:
    context = browser.new_context()
    faults: list[str] = []

    def expect_policy(answer: Response) -> None:
        if answer.request.is_navigation_request() and POLICY not in answer.headers:
            faults.append(f"{answer.url} has no {POLICY}")

    def note(page: Page, name: str) -> None:
        page.on("console", lambda message: faults.append(f"{name}: {message.text}"))
        page.on("response", expect_policy)

    for name, page in _visit(context, site, world, listen=note):
        assert page.title(), name

    assert [fault for fault in faults if "content security policy" in fault.lower() or POLICY in fault] == []


def test_no_page_is_heavier_than_the_budget(browser: Browser, site: str, world: World) -> None:
    context = browser.new_context()
    weights: dict[str, int] = {}

    def weigh(page: Page, name: str) -> None:
        def add(response: Response) -> None:
            if not response.url.endswith((".png", ".jpg")):
                weights[name] = weights.get(name, 0) + len(response.body())

        page.on("response", add)

    for _ in _visit(context, site, world, listen=weigh):
        pass

    assert {name: weight for name, weight in weights.items() if weight > BUDGET} == {}


def test_the_upload_can_be_reached_and_sent_by_keyboard_alone(owners_page: Page, site: str) -> None:
    owners_page.goto(f"{site}/datasets/new/?task=roman-numerals")
    reached = []

    for _ in range(16):  # the menu alone has nine
        owners_page.keyboard.press("Tab")
        reached.append(owners_page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()"))

    assert reached[0] == "Skip to the content"
    assert reached.index("name") < reached.index("file") < reached.index("Upload", reached.index("file"))


def test_the_skip_link_leads_past_the_menu(page: Page, site: str, world: World) -> None:
    page.goto(f"{site}/tasks/roman-numerals/board/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.closest('main') !== null")


def _visit(context: BrowserContext, site: str, world: World, listen: Any = None) -> Any:
    """Every page in turn, seen by whom it is for; where nothing listens in the same tab, which is quicker."""
    pages = sorted(pages_of(world), key=lambda each: each[2])
    signed_in, page = "", context.new_page()
    for name, address, person in pages:
        if person != signed_in:
            context.clear_cookies()
            sign_in(context, site, person)
            signed_in = person
        if listen:
            page.close()
            page = context.new_page()
            listen(page, name)
        page.goto(site + address)
        yield name, page
    context.close()


def _axe(page: Page) -> list[str]:
    page.add_script_tag(path=AXE)
    faults = page.evaluate("axe.run({resultTypes: ['violations']}).then(result => result.violations)")
    return [f"{fault['id']}: {node['html'][:160]}" for fault in faults for node in fault["nodes"]]
