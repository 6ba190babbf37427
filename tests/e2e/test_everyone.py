"""Every page for everyone: phones, keyboards, screen readers, slow lines, strict browsers."""

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.camera import WIDTHS
from tests.e2e.seed import World
from tests.e2e.walk import THEMES, Seen, walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BUDGET = 150_000
"""Bytes of one page with all that it loads from us, uncompressed."""


@pytest.fixture(scope="module")
def walks() -> list[Seen]:
    """The one walk of this module, once a test has asked for it."""
    return []


@pytest.fixture
def seen(request: pytest.FixtureRequest, browser: Browser, walks: list[Seen]) -> Seen:
    """What was seen on the walk; the test that is the first seeds the rows for it, which end with that test."""
    if not walks:
        world, site = request.getfixturevalue("world"), request.getfixturevalue("site")
        walks.append(walk(browser, site, world))
    return walks[0]


def test_no_page_scrolls_sideways_on_a_phone(seen: Seen) -> None:
    assert seen.pages
    assert {name: width for name, width in seen.widths.items() if width > WIDTHS["phone"][0]} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_on_any_page(seen: Seen, theme: str) -> None:
    assert seen.pages
    assert {name: faults for (name, when), faults in seen.faults.items() if when == theme} == {}


def test_no_page_does_what_its_own_content_policy_forbids(seen: Seen) -> None:
    assert seen.pages
    assert seen.forbidden == []
    assert seen.untitled == []


def test_no_page_is_heavier_than_the_budget(seen: Seen) -> None:
    assert seen.weights.keys() == set(seen.pages)
    assert {name: weight for name, weight in seen.weights.items() if weight > BUDGET} == {}


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
