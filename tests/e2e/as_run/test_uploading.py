"""Uploading in a real browser against the real web server: pausing, broken lines, a killed server, another tab."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Route, expect

from tests.e2e.camera import sign_in
from tests.e2e.sending import PATIENCE, PIECE, UPLOAD, arrived, chosen, expect_taken, leave, send, send_partly, watched
from tests.support.platform import write_zip
from tests.support.site import Site
from tests.uploads.conftest import parts, until

pytestmark = [pytest.mark.browser]


def test_a_zip_goes_in_checked_pieces_to_its_datasets_page(people: BrowserContext, web: Site, archive: Path) -> None:
    page = chosen(people, web, archive)
    checks: list[str] = []
    page.on("request", lambda request: checks.append(request.headers.get("upload-checksum", "")))

    send(page)

    expect_taken(page, web, archive)
    assert len([each for each in checks if each.startswith("sha256 ")]) == 3


def test_a_bad_zip_leads_to_every_reason(people: BrowserContext, web: Site, tmp_path: Path) -> None:
    bad = {"train/klasse-eins/1.png": b"x", "train/Klasse-Zwei/1.png": b"x", "notes.txt": b"x"}
    page = chosen(people, web, write_zip(tmp_path / "bad.zip", bad))

    send(page)

    expect(page.get_by_role("heading", name="Reasons so far, and what to do")).to_be_visible(timeout=PATIENCE)
    for told in ("There is no folder 'val/'.", "notes.txt"):
        expect(page.get_by_text(told)).to_be_visible(timeout=PATIENCE)


def test_pausing_stops_and_resuming_goes_on_where_it_was(people: BrowserContext, web: Site, archive: Path) -> None:
    page = chosen(people, web, archive)
    send_partly(page, 1)

    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused. You can close this page")).to_be_visible(timeout=PATIENCE)
    assert arrived(web) == PIECE
    page.unroute_all(behavior="ignoreErrors")
    offsets = watched(page)
    page.get_by_role("button", name="Resume").click()

    expect_taken(page, web, archive)
    assert offsets[0] == PIECE


def test_a_line_that_breaks_is_mended_by_itself(people: BrowserContext, web: Site, archive: Path) -> None:
    page = chosen(people, web, archive)
    broken: list[str] = []

    def breaking(route: Route) -> None:
        if route.request.method == "PATCH" and len(broken) < 3:
            broken.append(route.request.url)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(UPLOAD, breaking)
    send(page)

    expect(page.get_by_text("Trying again by itself")).to_be_visible(timeout=PATIENCE)
    expect_taken(page, web, archive)
    assert len(broken) == 3


def test_a_server_that_is_killed_meanwhile_is_waited_for(people: BrowserContext, web: Site, archive: Path) -> None:
    page = chosen(people, web, archive)
    waiting = send_partly(page, 1)

    web.kill()
    offsets = watched(page)
    waiting[0].continue_()
    page.unroute_all(behavior="ignoreErrors")
    expect(page.get_by_text("Trying again by itself")).to_be_visible(timeout=PATIENCE)
    web.start()

    expect_taken(page, web, archive)
    assert PIECE in offsets
    assert 0 not in offsets


def test_another_browser_goes_on_where_a_closed_tab_was(
    people: BrowserContext, window: Browser, web: Site, archive: Path
) -> None:
    page = chosen(people, web, archive, name="relabelled iv")
    send_partly(page, 2)
    leave(page)
    until(lambda: arrived(web) == 2 * PIECE)

    elsewhere = window.new_context()
    elsewhere.set_default_timeout(PATIENCE)
    sign_in(elsewhere, web.url, "owner")
    page = elsewhere.new_page()
    page.goto(f"{web.url}/datasets/new/?task=numerals")
    expect(page.get_by_text("numerals.zip: 79 % of 20.0 MiB have arrived")).to_be_visible(timeout=PATIENCE)
    page.set_input_files("input[type=file]", archive)
    expect(page.get_by_text("79 % of this file have arrived before")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_label("Name")).to_have_value("relabelled iv", timeout=PATIENCE)
    offsets = watched(page)
    send(page)

    expect_taken(page, web, archive)
    assert offsets == [2 * PIECE]
    elsewhere.close()


def test_what_is_discarded_is_deleted_and_the_form_is_there_again(
    people: BrowserContext, web: Site, archive: Path
) -> None:
    page = chosen(people, web, archive)
    send_partly(page, 1)
    page.get_by_role("button", name="Pause").click()

    page.get_by_role("button", name="Discard").click()

    expect(page.get_by_text("Discarded.")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("button", name="Upload", exact=True)).to_be_visible(timeout=PATIENCE)
    until(lambda: parts(web) == [])


def test_unfinished_uploads_have_a_page_on_which_they_can_be_discarded_without_javascript(
    people: BrowserContext, window: Browser, web: Site, archive: Path
) -> None:
    page = chosen(people, web, archive)
    send_partly(page, 1)
    leave(page)

    plain = window.new_context(java_script_enabled=False)
    sign_in(plain, web.url, "owner")
    page = plain.new_page()
    page.goto(f"{web.url}/uploads/")
    expect(page.get_by_text("39 %")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Discard").click()

    expect(page.get_by_text("Nothing is unfinished.")).to_be_visible(timeout=PATIENCE)
    assert parts(web) == []
    plain.close()


@pytest.mark.parametrize(
    ("status", "kind", "body", "told"),
    [
        (429, "text/plain; charset=utf-8", "You have 5 unfinished uploads.", "You have 5 unfinished uploads."),
        (413, "text/html", "<h1>Request Entity Too Large</h1>", "The upload was refused. Status 413."),
        (507, "text/plain; charset=utf-8", "The site's disk is full.", "The site's disk is full."),
        (401, "text/plain; charset=utf-8", "Sign in first.", "Sign in first."),
    ],
)
def test_a_refusal_is_told_in_its_own_words_or_in_ours(
    people: BrowserContext, web: Site, archive: Path, status: int, kind: str, body: str, told: str
) -> None:
    page = chosen(people, web, archive)

    def refuse(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(status=status, content_type=kind, body=body)
        else:
            route.continue_()

    page.route(re.compile("/uploads/$"), refuse)

    send(page)

    expect(page.get_by_text(told)).to_be_visible(timeout=PATIENCE)
    again = "Resume" if status in {401, 507} else "Upload"
    expect(page.get_by_role("button", name=again, exact=True)).to_be_enabled(timeout=PATIENCE)
