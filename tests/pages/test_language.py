"""Pages in the reader's language: asked for by the browser, chosen by a cookie, and never in what programs read."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from time_machine import TimeMachineFixture

from fixpoint.accounts.models import User
from fixpoint.accounts.tokens import token_make
from fixpoint.datasets.models import Dataset
from fixpoint.tasks.models import Task
from tests.pages.rows import entry_of, scored

pytestmark = pytest.mark.django_db
FRENCH = {"headers": {"accept-language": "fr"}}


def test_a_page_is_in_the_language_that_the_browser_asks_for(client: Client) -> None:
    answer = client.get("/", **FRENCH)

    assert answer["Content-Language"] == "fr"
    assert '<html lang="fr">' in answer.text
    assert "Accept-Language" in answer["Vary"]


def test_what_was_done_just_now_is_no_state_of_going_on(
    client: Client, owner: User, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(timezone.now(), tick=False)  # a second later it would be a second ago
    token_make(user=owner, name="my script", days=30)
    client.force_login(owner)

    page = client.get(reverse("tokens"), **FRENCH).text

    assert ">maintenant</time>" in page
    assert "en cours" not in page


def test_a_language_that_is_not_there_is_english(client: Client) -> None:
    assert '<html lang="en">' in client.get("/", headers={"accept-language": "kl"}).text


def test_a_chosen_language_is_kept_whatever_the_browser_asks_for(client: Client) -> None:
    answer = client.post(reverse("language_keep"), {"language": "es", "next": "/status/"})

    assert (answer.status_code, answer["Location"]) == (302, "/status/")
    assert '<html lang="es">' in client.get("/", **FRENCH).text


@pytest.mark.parametrize("name", ["language", "account"])
def test_each_language_is_named_in_its_own_words(client: Client, owner: User, name: str) -> None:
    client.force_login(owner)

    page = client.get(reverse(name), **FRENCH).text

    assert all(f">{spoken}<" in page for spoken in ("English", "français", "español"))
    assert "Anglais" not in page


def test_whoever_keeps_a_language_is_told_so_in_it(client: Client, owner: User) -> None:
    client.force_login(owner)

    page = client.post(reverse("language_keep"), {"language": "fr", "next": "/me/account/"}, follow=True).text

    assert "Enregistré." in page


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com/", "javascript:alert(1)"])
def test_choosing_leads_to_no_other_site(client: Client, elsewhere: str) -> None:
    page = client.get(reverse("language"), {"next": elsewhere})
    answer = client.post(reverse("language_keep"), {"language": "fr", "next": elsewhere})

    assert elsewhere not in page.text
    assert answer["Location"] == "/"


def test_choosing_leads_back_to_where_one_was(client: Client) -> None:
    page = client.get("/status/")

    assert 'href="/language/?next=/status/"' in page.text
    assert 'name="next" value="/status/"' in client.get("/language/?next=/status/").text


def test_figures_are_written_as_the_language_does_and_pictures_as_browsers_read_them(
    client: Client, task: Task, accepted: Dataset
) -> None:
    scored(entry_of(accepted))
    board = client.get(reverse("board", args=[task.slug]), **FRENCH).text

    assert re.search(r"\b0,\d{3,4}\b", board)
    for drawing in re.findall(r"<svg.*?</svg>", board, re.DOTALL):
        for value in re.findall(r'\b(?:x|y|x1|x2|y1|y2|cx|cy|r|width|height)="([^"]*)"', drawing):
            assert re.fullmatch(r"-?\d+(\.\d+)?(%|em)?", value), value


def test_what_programs_read_is_the_same_in_every_language(client: Client, task: Task, accepted: Dataset) -> None:
    scored(entry_of(accepted))
    for name in ("board-json", "board_csv", "task_emissions"):
        address = reverse(name, args=[task.slug])
        assert client.get(address, **FRENCH).content == client.get(address).content, name


def test_the_boards_page_is_kept_for_each_language_apart(client: Client, task: Task) -> None:
    address = reverse("board", args=[task.slug])
    english, french = client.get(address), client.get(address, **FRENCH)

    assert english["ETag"] != french["ETag"]
    assert '<html lang="fr">' in french.text
    assert '<html lang="en">' in client.get(address).text


def test_the_web_image_has_the_catalogs() -> None:
    lines = (Path(__file__).parents[2] / "docker" / "Dockerfile.web").read_text().splitlines()

    assert "COPY locale /app/locale" in lines
