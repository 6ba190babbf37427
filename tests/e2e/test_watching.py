"""A run as it is watched in a real browser."""

import time
from statistics import median

import pytest
from playwright.sync_api import Page, expect

from fixpoint.submissions.models import Epoch
from tests.e2e.seed import World
from tests.pages.rows import scored

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOTE_EPOCHS = """() => {
    window.shownAt = {};
    new MutationObserver(() => {
        const told = document.getElementById("live").innerText.match(/Epoch (\\d+) of 100/);
        if (told) shownAt[told[1]] ??= Date.now();
    }).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""
"""The page's own note of when each epoch was shown: whoever looks from outside looks once a second."""


def test_an_epoch_shows_within_two_seconds_and_the_page_goes_quiet_at_the_end(
    owners_page: Page, site: str, world: World
) -> None:
    asked: list[float] = []
    owners_page.on("request", lambda request: asked.append(time.monotonic()) if "/live/" in request.url else None)
    owners_page.goto(f"{site}/entries/{world.running.pk}/")
    expect(owners_page.get_by_text("Epoch 47 of 100")).to_be_visible()

    owners_page.evaluate(NOTE_EPOCHS)
    delays = [_seconds_until_shown(owners_page, world, number) for number in range(48, 53)]
    assert median(delays) < 2

    scored(world.running)
    expect(owners_page.get_by_text("accuracy on 1,244 hidden images")).to_be_visible()
    owners_page.wait_for_timeout(1500)
    before = len(asked)
    owners_page.wait_for_timeout(2500)
    assert len(asked) == before
    expect(owners_page.get_by_text("Last updated")).to_have_count(0)


def test_a_live_page_keeps_its_focus_and_its_place(owners_page: Page, site: str, world: World) -> None:
    owners_page.goto(f"{site}/entries/{world.running.pk}/")
    owners_page.focus("#cancel")
    owners_page.evaluate("scrollTo(0, 300)")

    _epoch(world, 48)
    expect(owners_page.get_by_text("Epoch 48 of 100")).to_be_visible()

    assert owners_page.evaluate("document.activeElement.id") == "cancel"
    assert owners_page.evaluate("scrollY") == 300


def test_a_fault_of_the_server_leaves_the_last_picture_in_place(owners_page: Page, site: str, world: World) -> None:
    owners_page.goto(f"{site}/entries/{world.running.pk}/")
    owners_page.route("**/live/", lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"))

    owners_page.wait_for_timeout(2500)

    expect(owners_page.get_by_text("Epoch 47 of 100")).to_be_visible()
    expect(owners_page.get_by_text("Bad gateway")).to_have_count(0)


def test_a_digest_is_copied_whole(owners_page: Page, site: str, world: World) -> None:
    owners_page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    owners_page.goto(f"{site}/entries/{world.scored.pk}/")

    owners_page.locator("[data-copy]").first.click()

    assert owners_page.evaluate("navigator.clipboard.readText()") == world.scored.recipe_digest


def _seconds_until_shown(page: Page, world: World, number: int) -> float:
    _epoch(world, number)
    begin = time.time()
    expect(page.get_by_text(f"Epoch {number} of 100")).to_be_visible()
    return page.evaluate("number => shownAt[number]", number) / 1000 - begin


def _epoch(world: World, number: int) -> None:
    Epoch.objects.create(
        submission=world.running,
        attempt=1,
        seed=0,
        epoch=number,
        epochs=100,
        loss=0.2,
        accuracy=0.9,
        val_loss=0.3,
        val_accuracy=0.88,
    )
