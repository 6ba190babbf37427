"""What other programs show of a page: previews of links, feeds, the icon, and where robots may go."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from fixpoint.organizing.news import news_of
from fixpoint.submissions.models import Result, Submission
from fixpoint.tasks.models import Task

pytestmark = pytest.mark.django_db


def preview(name: str, *args: object) -> dict[str, str]:
    page = Client().get(reverse(name, args=args)).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    return dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', page))


def test_a_link_to_each_public_page_is_previewed_with_what_is_behind_it(done: Submission, task: Task) -> None:
    assert preview("home")["title"] == "Fixpoint"
    assert "the model is a fixed point" in preview("home")["description"]
    assert preview("team", done.team_id)["title"] == f"{done.team} in {task.title}"
    assert "Place 1 of 1 by accuracy, with 0.7500." in preview("team", done.team_id)["description"]
    assert preview("entry", done.pk)["description"].startswith("Accuracy 0.7500 on hidden images, ")


@pytest.mark.parametrize(("name", "feed"), [("home", "feed"), ("task", "task_feed"), ("board", "task_feed")])
def test_a_feed_is_linked_before_anything_was_announced(done: Submission, task: Task, name: str, feed: str) -> None:
    page = Client().get(reverse(name, args=[] if name == "home" else [task.slug])).content.decode()

    address = reverse(feed, args=[] if feed == "feed" else [task.slug])

    assert f'<a href="{address}">Subscribe (Atom)</a>' in page
    assert re.search(rf'<link rel="alternate" [^>]*href="{address}">', page)


@pytest.mark.parametrize(
    ("kwh", "told_grams"), [(2.7681, "1,232"), (0.00541, "2.41"), (1e-5 / 445, "0.0000100"), (0.0, "0")]
)
def test_news_of_a_new_leader_says_its_grams_as_boards_do(
    done: Submission, task: Task, kwh: float, told_grams: str
) -> None:
    Result.objects.filter(submission=done).update(standardised_kwh=kwh)
    Task.objects.update(grid_g_per_kwh=445, pue=1)
    task.refresh_from_db()

    told = news_of(task)[0]

    assert "leads with" in told.title
    assert told.text == f"{told_grams} g of CO₂, standardised; the best score in {task} until then."


def test_programs_find_the_icon_and_where_not_to_go(client: Client) -> None:
    icon, robots = client.get("/favicon.ico"), client.get("/robots.txt")

    assert icon["Location"].endswith("logo.svg")
    assert robots["Content-Type"].startswith("text/plain")
    assert "Disallow: /me/" in robots.content.decode()
