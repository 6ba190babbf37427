"""Three people and one competition, in a browser, on the whole platform: PostgreSQL, Redis, entries in Docker.

An organizer makes a task in the wizard and publishes it; a newcomer signs up, takes the data home, hands in a zip over
a line that breaks, watches it train and reads the score; the organizer closes the task; somebody without an account
finds who won.
"""

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.e2e.camera import PASSWORD, chromium, sign_in
from tests.e2e.sending import UPLOAD
from tests.support.bundles import entry_files, hidden_files, write_zip
from tests.support.embedded_stack import EmbeddedStack
from tests.support.model_image import ensure_model_image
from tests.support.names import CLASSES, RECIPE
from tests.support.postgres import PostgresCluster

pytestmark = [
    pytest.mark.browser,
    pytest.mark.docker,
    pytest.mark.postgres,
    pytest.mark.stack,
    pytest.mark.timeout(1200),
]
PATIENCE = 30_000
A_RUN = 300_000
"""Milliseconds for what a worker does: pack, train, predict."""
ORGANIZER = f"""
from fixpoint.accounts.models import User
User.objects.create_user("greta", "greta@example.org", "{PASSWORD}", role="organizer")
"""
DROP = """([name, data]) => {
    const bytes = Uint8Array.from(atob(data), (each) => each.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], name, {type: "application/zip"}));
    return transfer;
}"""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStack]:
    home = tmp_path_factory.mktemp("platform") / "home"
    ensure_model_image()
    with PostgresCluster() as database:
        told = {"FIXPOINT_DATABASE_URL": database.url}
        with EmbeddedStack(home, "docker", told) as stack:
            stack.ask(ORGANIZER)
            yield stack


@pytest.fixture(scope="module")
def window(stack: EmbeddedStack) -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def visitors(window: Browser) -> Iterator[list[BrowserContext]]:
    """A browser of their own for an organizer, a newcomer and somebody who only looks."""
    contexts = [window.new_context(viewport={"width": 1280, "height": 800}) for _ in range(3)]
    for each in contexts:
        each.set_default_timeout(PATIENCE)
    yield contexts
    for each in contexts:
        each.close()


def test_a_competition_from_the_wizard_to_its_winner(
    stack: EmbeddedStack, visitors: list[BrowserContext], tmp_path: Path
) -> None:
    greta, nora, anyone = visitors

    organizers = _task_is_made(greta, stack.url, tmp_path)
    entry = _newcomer_enters(nora, stack.url, tmp_path)
    accuracy = _score(entry)
    _task_is_closed(organizers, stack.url)
    _winner_is_found(anyone.new_page(), stack.url, accuracy)


def _task_is_made(context: BrowserContext, site: str, folder: Path) -> Page:
    """From nothing to an open task."""
    sign_in(context, site, "greta")
    page = context.new_page()
    page.goto(f"{site}/organize/new/")
    page.get_by_role("button", name="Begin a new draft").click()

    page.fill("[name=title]", "Numerals by hand")
    page.fill("[name=slug]", "by-hand")
    page.fill("[name=classes]", "\n".join(CLASSES))
    _go_on(page)
    page.set_input_files("[name=hidden_test]", write_zip(folder / "hidden.zip", hidden_files()))
    page.set_input_files("[name=training_data]", write_zip(folder / "start.zip", entry_files()))
    _go_on(page)
    page.select_option("[name=recipe]", RECIPE)
    _go_on(page)
    _go_on(page)
    expect(page.get_by_text("All fields are in order")).to_be_visible()
    page.get_by_role("button", name="Make the task").click()

    _until(page, "Only its organizers see it.", "Ready")
    page.get_by_role("button", name="Publish").click()
    page.goto(f"{site}/tasks/by-hand/")
    expect(page.get_by_role("heading", name="Numerals by hand")).to_be_visible()
    return page


def _newcomer_enters(context: BrowserContext, site: str, folder: Path) -> Page:
    """From the home page to a score, over a line that breaks once."""
    page = context.new_page()
    page.goto(f"{site}/accounts/signup/")
    page.fill("[name=username]", "nora")
    page.fill("[name=email]", "nora@example.org")
    page.fill("[name=password1]", PASSWORD)
    page.fill("[name=password2]", PASSWORD)
    page.click("main button[type=submit]")
    page.goto(f"{site}/")
    page.get_by_role("link", name="Numerals by hand").first.click()
    with page.expect_download() as begun:
        page.get_by_role("link", name=re.compile("^Starter")).first.click()
    assert begun.value.path().stat().st_size > 1000

    page.goto(f"{site}/datasets/new/?task=by-hand")
    broken: list[str] = []

    def breaking(route: Route) -> None:
        if route.request.method == "PATCH" and not broken:
            broken.append(route.request.url)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(UPLOAD, breaking)
    archive = write_zip(folder / "mine.zip", entry_files(train=20, val=4))
    dropped = page.evaluate_handle(DROP, [archive.name, base64.b64encode(archive.read_bytes()).decode()])
    page.dispatch_event("#dropzone", "drop", {"dataTransfer": dropped})
    page.get_by_label("Name").fill("my first")
    page.get_by_role("button", name="Upload", exact=True).click()
    page.wait_for_url(re.compile(r"/datasets/[0-9a-f-]{36}/"))
    assert broken

    expect(page.get_by_text("Accepted").first).to_be_visible(timeout=A_RUN)
    page.get_by_role("button", name=re.compile("^Enter")).first.click()
    page.wait_for_url(re.compile(r"/entries/[0-9a-f-]{36}/"))
    expect(page.locator("ol.stages")).to_have_attribute("data-state", "Scored", timeout=A_RUN)
    return page


def _score(page: Page) -> str:
    """As the entry's page tells it."""
    page.reload()
    found = re.search(r"\b[01]\.\d{4}\b", page.inner_text("dl.figures dd"))
    assert found, page.inner_text("main")
    return found[0]


def _task_is_closed(page: Page, site: str) -> None:
    page.goto(f"{site}/organize/by-hand/close/")
    page.fill("[name=why]", "Everybody who wanted to has entered.")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Close it").click()
    page.goto(f"{site}/organize/by-hand/audit/")
    expect(page.get_by_text("Everybody who wanted to has entered.")).to_be_visible()


def _winner_is_found(page: Page, site: str, accuracy: str) -> None:
    """Without an account."""
    page.goto(f"{site}/")
    page.get_by_role("link", name="Numerals by hand").first.click()
    page.goto(f"{site}/tasks/by-hand/board/")
    first = page.locator("table tbody tr").first
    expect(first).to_contain_text("nora")
    expect(first).to_contain_text(accuracy)


def _go_on(page: Page) -> None:
    page.get_by_role("button", name="Save and go on").click()


def _until(page: Page, *texts: str) -> None:
    """Reload until all of it is there: the page of a draft is not live."""
    for text in texts:
        for _ in range(A_RUN // 1000):
            if page.get_by_text(text).count():
                break
            page.wait_for_timeout(1000)
            page.reload()
        expect(page.get_by_text(text).first).to_be_visible()
