"""A run as it is followed by events, in a real browser on the web server as it runs.

A page asks by itself when long nothing came: what happens to its entry is done by a process that is at hand, at once.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.e2e.as_run.at_hand import AtHand
from tests.e2e.camera import sign_in
from tests.support.site import Site
from tests.uploads.conftest import until

pytestmark = pytest.mark.browser
SOON = 20_000
"""Milliseconds: less than the 30 seconds after which a page asks whatever it has heard."""

RUN = """
from fixpoint.accounts.models import User
from fixpoint.tasks.models import Task
from tests.pages.rows import entry_of, training
from tests.support.platform import accepted_dataset
dataset = accepted_dataset(User.objects.get(username="owner"), Task.objects.get())
print(training(entry_of(dataset), [(1.0, 0.5)] * 47).pk)
"""
EPOCH = """
from fixpoint.submissions.models import Epoch
Epoch.objects.create(submission_id="{entry}", attempt=1, seed=0, epoch={number}, epochs=100, loss=1, accuracy=0.5,
                     val_loss=1, val_accuracy=0.5)
"""
END = """
from fixpoint.submissions.models import Submission
from tests.pages.rows import scored
scored(Submission.objects.get(pk="{entry}"))
"""


class Run:
    """An entry of the owner's in training, and its page."""

    def __init__(self, web: Site, rows: AtHand, page: Page) -> None:
        self._web, self._rows = web, rows
        self.page = page
        self.entry = rows.ask(RUN)
        self.asked: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url.rsplit("/", 2)[1]))

    def watch(self) -> None:
        self.page.goto(f"{self._web.url}/entries/{self.entry}/")
        expect(self.page.get_by_text("Epoch 47 of 100")).to_be_visible()

    def epoch(self, number: int) -> None:
        self._rows.ask(EPOCH.format(entry=self.entry, number=number))
        expect(self.page.get_by_text(f"Epoch {number} of 100")).to_be_visible(timeout=SOON)

    def await_streams(self, number: int) -> None:
        until(lambda: (self.page.wait_for_timeout(50), self.asked.count("events") >= number)[1], seconds=60)

    def end(self) -> None:
        self._rows.ask(END.format(entry=self.entry))
        expect(self.page.get_by_text("accuracy on 1,244 hidden images")).to_be_visible(timeout=SOON)


@pytest.fixture(scope="module")
def rows(web: Site) -> Iterator[AtHand]:
    with AtHand(web) as at_hand:
        yield at_hand


@pytest.fixture
def run(people: BrowserContext, web: Site, rows: AtHand) -> Iterator[Run]:
    page = people.new_page()
    yield Run(web, rows, page)
    page.close()


def test_a_page_asks_only_when_an_event_says_so_and_goes_quiet_at_the_end(run: Run) -> None:
    run.watch()
    run.epoch(48)
    run.epoch(49)
    run.end()
    run.page.wait_for_timeout(1500)

    assert run.asked.count("events") == 1
    assert run.asked.count("live") == 3
    expect(run.page.get_by_text("Last updated")).to_have_count(0)


def test_a_change_of_state_is_said_and_an_epoch_is_not(run: Run) -> None:
    run.watch()
    said = run.page.locator("#said")
    run.epoch(48)
    expect(said).to_have_text("")

    run.end()

    expect(said).to_have_text("Scored")


def test_a_page_whose_stream_is_refused_asks_by_itself(run: Run) -> None:
    refused = lambda route: route.fulfill(status=503, headers={"Retry-After": "30"})  # noqa: E731
    run.page.route("**/events/*", refused)
    run.watch()
    run.epoch(48)
    run.end()

    assert run.asked.count("events") == 1
    assert run.asked.count("live") >= 2


def test_a_page_goes_on_after_its_server_was_killed(run: Run, web: Site) -> None:
    run.watch()
    run.epoch(48)
    web.kill()
    web.start()
    run.epoch(49)

    run.await_streams(2)
    run.end()


def test_a_stream_that_a_proxy_holds_back_does_not_hold_the_page(window: Browser, web: Site, rows: AtHand) -> None:
    context = window.new_context()
    sign_in(context, web.url, "owner")
    run = Run(web, rows, context.new_page())
    held: list[Route] = []
    run.page.route("**/events/*", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks what it calls
    run.watch()

    run.epoch(48)

    assert len(held) == 1
    context.close()


def test_without_javascript_the_page_says_when_it_is_of_and_has_a_way_to_reload(
    window: Browser, web: Site, rows: AtHand
) -> None:
    context = window.new_context(java_script_enabled=False)
    sign_in(context, web.url, "owner")
    run = Run(web, rows, context.new_page())
    run.watch()

    expect(run.page.get_by_text("Last updated")).to_be_visible()
    expect(run.page.get_by_role("link", name="Reload")).to_have_attribute("href", "")
    context.close()
