"""A gallery by keyboard and across pages, in a real browser."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.seed import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FOCUSED = "document.activeElement.value"


def listed(page: Page, folder: Path) -> list[str]:
    """The paths of the list that the button gives."""
    with page.expect_download() as download:
        page.get_by_role("button", name="List of the marked").click()
    download.value.save_as(folder / "list.csv")
    with (folder / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row["path"] for row in csv.DictReader(file)]


def test_images_are_reached_marked_and_listed_by_keyboard_alone(
    owners_page: Page, site: str, world: World, tmp_path: Path
) -> None:
    page = owners_page
    page.goto(f"{site}/datasets/{world.checked.pk}/images/?split=val&class=v")
    boxes = [box.get_attribute("value") for box in page.locator("input[name=row]").all()]

    page.locator("input[name=row]").first.focus()
    for key, expected in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", 3), ("Home", 0)):
        page.keyboard.press(key)
        assert page.evaluate(FOCUSED) == boxes[expected]
    page.keyboard.press("Space")
    page.keyboard.press("End")
    page.keyboard.press("Space")

    expect(page.locator("#marked")).to_have_text(" · 2 marked")
    assert listed(page, tmp_path) == ["val/v/000.png", "val/v/003.png"]


def test_nothing_marked_is_no_list_and_the_arrow_keys_are_told_where_they_work(
    owners_page: Page, site: str, world: World
) -> None:
    page = owners_page
    page.goto(f"{site}/datasets/{world.checked.pk}/images/")
    listing = page.get_by_role("button", name="List of the marked")

    expect(listing).to_be_disabled()
    page.locator("input[name=row]").first.check()
    expect(listing).to_be_enabled()
    page.locator("input[name=row]").first.uncheck()
    expect(listing).to_be_disabled()
    expect(page.get_by_text("The arrow keys go")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_a_files_name_of_usual_length_is_read_whole(owners_page: Page, site: str, world: World, width: int) -> None:
    page = owners_page
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{site}/datasets/{world.checked.pk}/images/")
    cut = "each => each.scrollWidth > each.clientWidth || each.scrollHeight > each.clientHeight"
    names = page.locator(".picture .file")
    names.first.evaluate("each => { each.textContent = 'numeral-0042-scan.png'; }")

    assert names.first.evaluate(cut) is False
    assert not any(each.evaluate(cut) for each in page.locator(".picture .file, .picture b").all())


def test_arrows_up_and_down_go_to_the_next_line(owners_page: Page, site: str, world: World) -> None:
    page = owners_page
    page.goto(f"{site}/datasets/{world.checked.pk}/images/")
    boxes = page.locator("input[name=row]")
    boxes.nth(2).focus()
    left = boxes.nth(2).bounding_box()

    page.keyboard.press("ArrowDown")
    below = page.locator(":focus").bounding_box()
    page.keyboard.press("ArrowUp")

    assert left is not None
    assert below is not None
    assert abs(below["x"] - left["x"]) < 2
    assert below["y"] > left["y"] + 50
    assert page.evaluate(FOCUSED) == boxes.nth(2).get_attribute("value")


def test_marks_stay_from_page_to_page_until_they_are_taken_back(
    owners_page: Page, site: str, world: World, tmp_path: Path
) -> None:
    page = owners_page
    page.goto(f"{site}/datasets/{world.checked.pk}/images/")
    page.locator("input[name=row]").first.check()
    page.get_by_role("link", name="Next").click()
    page.locator("input[name=row]").last.check()

    page.goto(f"{site}/datasets/{world.checked.pk}/images/")

    expect(page.locator("input[name=row]").first).to_be_checked()
    assert len(listed(page, tmp_path)) == 2
    page.get_by_role("button", name="Unmark all").click()
    expect(page.locator("#marked")).to_be_hidden()
    expect(page.locator("input[name=row]").first).not_to_be_checked()


def test_only_thumbnails_near_the_window_are_loaded(owners_page: Page, site: str, world: World) -> None:
    page = owners_page
    page.set_viewport_size({"width": 390, "height": 500})
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url) if "/thumbnails/" in request.url else None)

    page.goto(f"{site}/datasets/{world.checked.pk}/images/")
    page.wait_for_load_state("networkidle")

    shown = page.locator("input[name=row]").count()
    assert shown > 100
    assert 0 < len(loaded) < shown
