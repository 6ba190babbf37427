"""Tasks that are over: each tells on the first page who won it, and an empty one where to go."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fixpoint.leaderboard.freezing import standings_freeze
from fixpoint.tasks.models import Task
from tests.pages.rows import Score, entry_of, scored
from tests.support.platform import accepted_dataset, open_task, person

pytestmark = pytest.mark.django_db


def ended(slug: str, *people: tuple[str, float], freezes: bool = True) -> Task:
    task = open_task(slug, title=slug, closes_at=timezone.now() + timedelta(hours=1))
    for name, accuracy in people:
        then = timezone.now() - timedelta(days=2)
        scored(entry_of(accepted_dataset(person(name), task, "data"), at=then), Score(accuracy))
    Task.objects.filter(pk=task.pk).update(closes_at=timezone.now() - timedelta(days=1))
    if freezes:
        standings_freeze(task_id=task.pk)
    return task


def line_of(task: Task) -> str:
    page = Client().get(reverse("home")).content.decode()
    line = page[page.index(f'href="{reverse("board", args=[task.slug])}"') :]
    return " ".join(re.sub(r"<[^>]*>", " ", line[: line.index("</tr>")]).split())


def test_a_closed_task_tells_its_winner_the_score_the_entries_and_the_day():
    task = ended("winter", ("sofja", 0.862), ("carl", 0.761))

    line = line_of(task)

    assert "sofja 0.8620 2" in line
    assert "carl" not in line
    assert f"{Task.objects.get().closes_at:%Y-%m-%d}" in line


def test_a_closed_task_without_a_score_says_so_on_the_first_page_and_on_its_board():
    task = ended("nothing")

    board = Client().get(reverse("board", args=[task.slug])).content.decode()

    assert "Closed without a scored entry" in line_of(task)
    assert "Closed without a scored entry" in board
    assert f'href="{reverse("home")}#open"' in board


def test_nobody_has_won_before_the_standings_are_frozen():
    line = line_of(ended("soon", ("sofja", 0.862), freezes=False))

    assert "Its standings are not frozen yet" in line
    assert "sofja" not in line


def test_more_closed_tasks_take_no_more_statements():
    def statements() -> int:
        Client().get(reverse("home"))
        with CaptureQueriesContext(connection) as asked:
            Client().get(reverse("home"))
        return len(asked)

    ended("one", ("sofja", 0.862))
    before = statements()
    ended("two", ("carl", 0.8))

    assert statements() == before
