"""The upload form in a real browser: what stays as it was begun, discarding, and doing without the library."""

import fcntl
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.e2e.sending import PATIENCE, UPLOAD, chosen, expect_taken, leave, send, send_partly, watched
from tests.support.site import Site
from tests.uploads.conftest import parts, until

pytestmark = [pytest.mark.browser]
ENTERS = "Enter it as soon as it is accepted"
KEPT = "It could not be discarded now"


def paused(context: BrowserContext, web: Site, file: Path, pieces: int = 1) -> Page:
    page = chosen(context, web, file)
    send_partly(page, pieces)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused. You can close this page")).to_be_visible(timeout=PATIENCE)
    page.unroute_all(behavior="ignoreErrors")
    return page


def discard(page: Page) -> None:
    page.get_by_role("button", name="Discard").click()


def expect_discarded(page: Page, web: Site) -> None:
    expect(page.get_by_text("Discarded.")).to_be_visible(timeout=PATIENCE)
    assert parts(web) == []


def expect_form(page: Page, *, name: str, enters: bool, is_open: bool) -> None:
    expect(page.get_by_label("Name")).to_have_value(name, timeout=PATIENCE)
    expect(page.get_by_label("Name")).to_be_enabled(enabled=is_open, timeout=PATIENCE)
    expect(page.get_by_label(ENTERS)).to_be_checked(checked=enters, timeout=PATIENCE)
    expect(page.get_by_label(ENTERS)).to_be_enabled(enabled=is_open, timeout=PATIENCE)
    expect(page.get_by_text("The name and the entering stay as this upload was begun.")).to_be_visible(
        visible=not is_open, timeout=PATIENCE
    )


def test_what_was_begun_keeps_its_name_until_it_is_discarded(people: BrowserContext, web: Site, archive: Path) -> None:
    page = paused(people, web, archive)

    expect_form(page, name="first try", enters=False, is_open=False)
    expect(page.get_by_text("numerals.zip: 39 % of 20.0 MiB have arrived")).to_be_visible(timeout=PATIENCE)
    discard(page)

    expect_discarded(page, web)
    expect_form(page, name="first try", enters=False, is_open=True)
    expect(page.get_by_text("numerals.zip: 39 %")).to_be_hidden(timeout=PATIENCE)


def test_a_file_that_was_begun_before_shows_how_and_gives_back_what_was_typed(
    people: BrowserContext, web: Site, archive: Path
) -> None:
    leave(paused(people, web, archive))
    page = people.new_page()
    page.goto(f"{web.url}/datasets/new/?task=numerals")
    page.get_by_label("Name").fill("second try")
    page.get_by_label(ENTERS).check()

    page.set_input_files("input[type=file]", archive)
    expect_form(page, name="first try", enters=False, is_open=False)
    discard(page)

    expect_discarded(page, web)
    expect_form(page, name="second try", enters=True, is_open=True)
    page.set_input_files("input[type=file]", [])
    page.set_input_files("input[type=file]", archive)
    expect(page.get_by_text("have arrived before")).to_be_hidden(timeout=PATIENCE)
    send(page)
    expect_taken(page, web, archive)
    expect(page.get_by_role("heading", name="second try")).to_be_visible(timeout=PATIENCE)


def test_what_was_begun_elsewhere_meanwhile_is_shown_before_it_is_gone_on_with(
    people: BrowserContext, web: Site, archive: Path
) -> None:
    page = chosen(people, web, archive, name="second try")
    page.get_by_label(ENTERS).check()
    leave(paused(people, web, archive))

    send(page)

    expect(page.get_by_text("39 % of this file have arrived before")).to_be_visible(timeout=PATIENCE)
    expect_form(page, name="first try", enters=False, is_open=False)
    send(page)
    expect_taken(page, web, archive)
    expect(page.get_by_role("heading", name="first try")).to_be_visible(timeout=PATIENCE)


def test_what_is_sent_while_it_is_being_discarded_begins_anew_afterwards(
    people: BrowserContext, web: Site, archive: Path
) -> None:
    leave(paused(people, web, archive))
    page = chosen(people, web, archive, name="second try")
    expect(page.get_by_text("39 % of this file have arrived before")).to_be_visible(timeout=PATIENCE)
    held: list[Route] = []
    page.route(UPLOAD, lambda route: held.append(route) if route.request.method == "DELETE" else route.continue_())
    offsets = watched(page)

    discard(page)
    until(lambda: (page.wait_for_timeout(50), bool(held))[1])
    send(page)
    held[0].continue_()

    expect_taken(page, web, archive)
    expect(page.get_by_role("heading", name="second try")).to_be_visible(timeout=PATIENCE)
    assert offsets[0] == 0


def test_discarding_what_has_become_a_dataset_leads_to_it(people: BrowserContext, web: Site, archive: Path) -> None:
    page = paused(people, web, archive, pieces=2)
    elsewhere = chosen(people, web, archive)
    expect(elsewhere.get_by_text("79 % of this file have arrived before")).to_be_visible(timeout=PATIENCE)
    send(elsewhere)
    expect_taken(elsewhere, web, archive)

    discard(page)

    expect_taken(page, web, archive)
    assert page.url == elsewhere.url


def test_what_the_site_is_busy_with_is_not_called_discarded(people: BrowserContext, web: Site, archive: Path) -> None:
    page = paused(people, web, archive)
    [part] = parts(web)

    with part.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # as whoever checks the zip
        discard(page)
        expect(page.get_by_text("Discarding…")).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_text(KEPT)).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_role("status").get_by_role("link", name="All your unfinished uploads")).to_be_visible(
            timeout=PATIENCE
        )

    discard(page)
    expect_discarded(page, web)


def test_a_discard_without_a_connection_is_not_made_good_by_sending_on(
    people: BrowserContext, web: Site, archive: Path
) -> None:
    page = paused(people, web, archive)
    offsets = watched(page)

    people.set_offline(True)
    discard(page)
    expect(page.get_by_text(KEPT)).to_be_visible(timeout=PATIENCE)
    people.set_offline(False)
    until(lambda: bool(page.evaluate("navigator.onLine")))
    discard(page)

    expect_discarded(page, web)
    assert offsets == []


def test_where_the_library_is_missing_the_form_sends_as_every_form_does(
    people: BrowserContext, web: Site, archive: Path
) -> None:
    people.route("**/tus.min.js", lambda route: route.fulfill(status=404))
    page = chosen(people, web, archive)

    send(page)

    expect_taken(page, web, archive)


def test_while_the_line_is_down_the_library_is_waited_for_and_nothing_is_sent_in_one_go(
    people: BrowserContext, web: Site, archive: Path
) -> None:
    is_down = [True]
    people.route("**/tus.min.js", lambda route: route.abort() if is_down else route.continue_())
    page = chosen(people, web, archive)
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)

    send(page)
    expect(page.get_by_text("Trying again by itself")).to_be_visible(timeout=PATIENCE)
    assert posts == []
    is_down.clear()

    expect_taken(page, web, archive)
    assert posts[0].endswith("/uploads/")


def test_unfinished_uploads_can_be_reached_from_the_form_and_the_logbook(people: BrowserContext, web: Site) -> None:
    page = people.new_page()

    page.goto(f"{web.url}/datasets/new/?task=numerals")
    page.get_by_role("link", name="All your unfinished uploads").last.click()
    page.get_by_role("link", name="My logbook").last.click()
    page.get_by_role("link", name="Unfinished uploads").click()

    page.wait_for_url(f"{web.url}/uploads/")


def test_the_name_is_the_files_until_another_is_typed(people: BrowserContext, web: Site, archive: Path) -> None:
    page = people.new_page()
    page.goto(f"{web.url}/datasets/new/?task=numerals")
    page.set_input_files("input[type=file]", archive)
    expect(page.get_by_label("Name")).to_have_value("numerals", timeout=PATIENCE)

    other = archive.rename(archive.with_name("more numerals.ZIP"))
    page.set_input_files("input[type=file]", other)
    expect(page.get_by_label("Name")).to_have_value("more numerals", timeout=PATIENCE)
    page.get_by_label("Name").fill("my own")
    with page.expect_response(lambda answer: answer.url.endswith("/uploads/")):
        page.set_input_files("input[type=file]", other.rename(archive))

    expect(page.get_by_label("Name")).to_have_value("my own", timeout=PATIENCE)
