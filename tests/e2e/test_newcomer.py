"""A newcomer in a real browser: signs up, hands in a zip, reads why it was refused."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.camera import PASSWORD, sign_in
from tests.e2e.seed import World
from tests.support.platform import write_zip

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bad_zip(tmp_path: Path) -> Path:
    return write_zip(tmp_path / "bad.zip", {"train/i/1.png": b"x", "train/IV/1.png": b"x", "notes.txt": b"x"})


def test_a_newcomer_signs_up_signs_out_and_signs_in(page: Page, site: str, world: World) -> None:
    page.goto(f"{site}/")
    page.get_by_role("link", name="Sign up").click()
    page.get_by_label("Username").fill("grace")
    page.get_by_label("Email address").fill("grace@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password (again)").fill(PASSWORD)
    page.get_by_role("button", name="Sign Up").click()
    expect(page.get_by_role("link", name="My logbook")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Username or e-mail address").fill("grace@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()

    page.get_by_role("link", name="My logbook").click()
    expect(page.get_by_text("Nothing entered yet.")).to_be_visible()


def test_without_javascript_a_bad_zip_leads_to_every_reason(
    browser: Browser, site: str, world: World, bad_zip: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    sign_in(context, site, "owner")
    page = context.new_page()

    _upload(page, site, bad_zip)

    expect(page.get_by_role("heading", name="Reasons so far, and what to do")).to_be_visible()
    context.close()


def test_a_file_over_the_limit_is_told_before_anything_is_sent(
    owners_page: Page, site: str, world: World, tmp_path: Path
) -> None:
    world.task.max_archive_bytes = 100_000
    world.task.save()
    big = tmp_path / "big.zip"
    big.write_bytes(b"0" * 200_000)
    sent: list[str] = []
    owners_page.on("request", lambda request: sent.append(request.method))

    _upload(owners_page, site, big)

    expect(owners_page.get_by_text("larger than the limit")).to_be_visible()
    assert "POST" not in sent


def test_a_dropped_file_is_the_chosen_file(owners_page: Page, site: str, world: World) -> None:
    owners_page.goto(f"{site}/datasets/new/?task={world.task.slug}")
    dropped = owners_page.evaluate_handle(
        "() => { const data = new DataTransfer(); data.items.add(new File(['x'], 'mine.zip')); return data; }"
    )

    owners_page.dispatch_event("#dropzone", "drop", {"dataTransfer": dropped})

    assert owners_page.evaluate("document.querySelector('input[type=file]').files[0].name") == "mine.zip"


def _upload(page: Page, site: str, file: Path) -> None:
    page.goto(f"{site}/datasets/new/?task=roman-numerals")
    page.get_by_label("Name").fill("first try")
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Upload", exact=True).click()
