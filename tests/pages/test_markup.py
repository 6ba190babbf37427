"""Every page can live under a strict content policy, works without scripts, and holds together as HTML."""

import pytest
from django.test import Client
from django.urls import reverse

from fixpoint.datasets.models import Dataset
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task
from tests.pages.markup import Page

pytestmark = pytest.mark.django_db
BUDGET = 150_000


@pytest.fixture
def pages(
    signed_in: Client, task: Task, accepted: Dataset, refused: Dataset, ingesting: Dataset,
    running: Submission,
) -> dict[str, str]:  # fmt: skip
    addresses = {
        "home": "/", "task": f"/tasks/{task.slug}/", "board": f"/tasks/{task.slug}/board/",
        "upload": "/datasets/new/", "accepted": f"/datasets/{accepted.pk}/", "refused": f"/datasets/{refused.pk}/",
        "ingesting": f"/datasets/{ingesting.pk}/", "running": f"/entries/{running.pk}/",
        "me": "/me/", "status": "/status/", "emissions": "/emissions/", "404": "/nowhere/",
        "password": reverse("account_change_password"), "email": reverse("account_email"),
    }  # fmt: skip
    found = {name: signed_in.get(address).content.decode() for name, address in addresses.items()}
    anonymous = Client()
    for name in ("account_login", "account_signup", "account_reset_password"):
        found[name] = anonymous.get(reverse(name)).content.decode()
    return found


def test_no_page_has_an_inline_script_style_or_handler(pages: dict[str, str]) -> None:
    assert {name: Page(page).inline for name, page in pages.items() if Page(page).inline} == {}


def test_no_page_names_anything_outside_this_site(pages: dict[str, str]) -> None:
    assert {name: Page(page).outside for name, page in pages.items() if Page(page).outside} == {}


def test_every_page_is_balanced_and_its_ids_are_unique(pages: dict[str, str]) -> None:
    for name, source in pages.items():
        page = Page(source)
        assert (page.unbalanced, page.open) == ([], []), name
        assert len(page.ids) == len(set(page.ids)), name


def test_every_input_has_a_label_and_every_page_one_first_heading(pages: dict[str, str]) -> None:
    for name, source in pages.items():
        page = Page(source)
        assert set(page.inputs) <= page.labelled, name
        assert page.headings.count(1) == 1, name
        assert all(next_ - level <= 1 for level, next_ in zip(page.headings, page.headings[1:], strict=False)), name


def test_no_page_of_html_comes_near_the_budget(pages: dict[str, str]) -> None:
    assert max(len(page) for page in pages.values()) < BUDGET / 3


def test_the_notice_of_a_sandbox_that_isolates_nothing_stands_on_every_page(
    settings: object, signed_in: Client, task: Task
) -> None:
    settings.SANDBOX_NOTICE = "This demo trains without isolation."  # type: ignore[attr-defined]

    for address in ("/", f"/tasks/{task.slug}/", f"/tasks/{task.slug}/board/", "/me/", "/datasets/new/", "/nowhere/"):
        assert "This demo trains without isolation." in signed_in.get(address).content.decode()


def test_an_error_of_ours_has_a_page_that_needs_nothing(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("fixpoint.leaderboard.page.board_shown", broken)

    answer = Client(raise_request_exception=False).get(f"/tasks/{task.slug}/board/")

    assert answer.status_code == 500
    assert "An error of ours" in answer.content.decode()
