"""The picture of a board by mouse and by keyboard, with scripts and without."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.seed import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FOCUSED = "document.activeElement.getAttribute('aria-label')"


def test_every_point_is_reached_by_the_arrow_keys_and_tells_its_figures(page: Page, site: str, world: World) -> None:
    page.goto(f"{site}/tasks/{world.task.slug}/board/")
    points = page.locator(".picture a.dot")
    names = [point.get_attribute("aria-label") for point in points.all()]

    points.first.focus()
    walked = [page.evaluate(FOCUSED)]
    for _ in names[1:]:
        page.keyboard.press("ArrowRight")
        walked.append(page.evaluate(FOCUSED))

    assert walked == names
    assert len(names) >= 9
    expect(points.last.locator(".tip")).to_be_visible()
    expect(points.first.locator(".tip")).to_be_hidden()
    page.keyboard.press("Home")
    assert page.evaluate(FOCUSED) == names[0]
    first = points.first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}{first}")


def test_pointing_at_an_entry_shows_who_it_is(page: Page, site: str, world: World) -> None:
    page.goto(f"{site}/tasks/{world.task.slug}/board/?order=both")
    point = page.locator(".picture a.dot", has_text="noether").first

    expect(point.locator(".tip")).to_be_hidden()
    point.locator(".point").hover()

    expect(point.locator(".tip")).to_be_visible()
    expect(point.locator(".tip")).to_contain_text("0.8336")


def test_without_scripts_every_point_is_a_stop_of_the_tab_key(browser: Browser, site: str, world: World) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/tasks/{world.task.slug}/board/")
    points = page.locator(".picture a.dot")

    points.first.focus()
    page.keyboard.press("Tab")

    expect(points.nth(1)).to_be_focused()
    context.close()


def test_my_place_leads_to_my_line(owners_page: Page, site: str, world: World) -> None:
    page = owners_page
    page.goto(f"{site}/tasks/{world.task.slug}/board/")

    page.get_by_role("link", name="To your line").click()

    expect(page.locator("tr:target")).to_contain_text("owner")


@pytest.mark.parametrize("order", ["accuracy", "emissions"])
def test_on_a_phone_each_figure_of_an_opened_line_stands_on_one_line(
    browser: Browser, site: str, world: World, order: str
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{site}/tasks/{world.task.slug}/board/?order={order}")

    page.locator(".row-more summary").first.click()
    figures = page.locator(".row-more").first.locator("dd:not(.team, .entry-title)")

    heights = figures.evaluate_all("all => all.map(each => each.getBoundingClientRect().height)")
    assert len(heights) >= 6
    assert max(heights) < 30
    context.close()
