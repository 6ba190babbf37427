"""An organizer's files in a real browser: they go over when a step is saved, and a line that breaks costs nothing."""

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.camera import sign_in
from tests.e2e.sending import PATIENCE, PIECE, arrived, held_after, leave, watched
from tests.support.names import CLASSES
from tests.support.platform import write_zip
from tests.support.site import Site
from tests.uploads.conftest import parts, stored, until

pytestmark = [pytest.mark.browser]
HIDDEN, BASELINE = "Hidden test set (zip)", "Its dataset (zip of train and val)"
FILES = """
from fixpoint.tasks.models import DraftFile
print([[each.field, each.name, each.title] for each in DraftFile.objects.all()])
"""


@pytest.fixture
def organizing(window: Browser, web: Site) -> Iterator[BrowserContext]:
    """A browser in which an organizer is signed in."""
    web.ask("from tests.support.platform import person; person('olga', role='organizer')")
    context = window.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE)
    sign_in(context, web.url, "olga")
    yield context
    context.close()


@pytest.fixture
def hidden(tmp_path: Path) -> Path:
    """Of three pieces."""
    draw = random.Random(30)
    files = {f"{CLASSES[n % 2]}/{n}.png": b"\x89PNG\r\n\x1a\n" + draw.randbytes(2**19) for n in range(40)}
    return write_zip(tmp_path / "hidden.zip", files)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def test_what_was_cut_off_goes_on_the_next_day_what_was_typed_is_there_and_each_file_is_in_the_draft_once(
    organizing: BrowserContext, web: Site, hidden: Path, tmp_path: Path
) -> None:
    page = organizing.new_page()
    page.goto(f"{web.url}/organize/new/")
    page.get_by_role("button", name="Begin a new draft").click()
    page.get_by_role("link", name="2 Data").click()
    address = page.url
    page.get_by_label(HIDDEN).set_input_files(hidden)
    page.get_by_label("Public share").fill("0.25")
    waiting = held_after(page, 1)
    save(page)
    until(lambda: (page.wait_for_timeout(50), bool(waiting))[1])
    expect(page.get_by_text("Sending 39 %")).to_be_visible(timeout=PATIENCE)
    leave(page)
    assert arrived(web) == PIECE

    page = organizing.new_page()
    page.goto(address)
    expect(page.get_by_label("Public share")).to_have_value("0.25", timeout=PATIENCE)
    expect(page.get_by_text("hidden.zip: 39 % of 20.0 MiB have arrived")).to_be_visible(timeout=PATIENCE)
    page.get_by_label(HIDDEN).set_input_files(hidden)
    expect(page.get_by_text("39 % of this file have arrived before")).to_be_visible(timeout=PATIENCE)
    no_zip = tmp_path / "plain.zip"
    no_zip.write_bytes(b"<html>" * 100)
    page.get_by_label(BASELINE).set_input_files(no_zip)
    page.get_by_label("Name of a baseline").fill("as drawn")
    offsets = watched(page)
    save(page)

    expect(page.get_by_text("This file does not begin as a zip does")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("It has arrived and is in the draft.")).to_be_visible(timeout=PATIENCE)
    assert offsets[:2] == [PIECE, 2 * PIECE]
    baseline = write_zip(tmp_path / "drawn.zip", {"train/i/1.png": b"1"})
    page.get_by_label(BASELINE).set_input_files(baseline)
    page.get_by_label("Public share").fill("0.5")
    page.get_by_role("button", name="Save and go on").click()

    page.wait_for_url(re.compile(r"/rules/$"), timeout=PATIENCE)
    assert web.ask(FILES) == "[['hidden_test', 'hidden.zip', ''], ['baseline', 'drawn.zip', 'as drawn']]"
    stored(web, hidden.read_bytes())
    assert parts(web) == []
    page.goto(address)
    expect(page.get_by_label("Public share")).to_have_value("0.5", timeout=PATIENCE)
