"""A line of the board is rendered once while what it tells stays the same, and tells the place of now all the same."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fixpoint.leaderboard.keeping import forget_all
from fixpoint.pages.templatetags import lines
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task
from fixpoint.teams.models import Team
from tests.pages.rows import Score, entry_of, scored

pytestmark = pytest.mark.django_db


@pytest.fixture
def enter(rows, task):
    """A scored entry of somebody."""

    def make(name: str, accuracy: float, *, days: float = 3, kwh: float = 0.004) -> Submission:
        at = timezone.now() - timedelta(days=days)
        entry = entry_of(rows.accepted_dataset(rows.person(name), task), at=at)
        return scored(entry, Score(accuracy, kwh, None))

    return make


@pytest.fixture
def read(task):
    """The board's body of lines, and how many lines were rendered for it."""

    def get(query: str = "", language: str = "en") -> tuple[str, int]:
        before = lines._rendered.cache_info().misses
        page = Client().get(reverse("board", args=[task.slug]) + query, headers={"Accept-Language": language})
        body = page.content.decode()
        return body[body.index("<tbody>") : body.index("</tbody>")], lines._rendered.cache_info().misses - before

    return get


def cells(body: str, entry: Submission) -> list[str]:
    """The texts of the line's first two cells: its place, and how it moved."""
    row = body[body.index(f'<tr id="entry-{entry.pk}"') :]
    return [re.sub(r"<[^>]*>", "", each).strip() for each in re.findall(r"<td[^>]*>(.*?)</td>", row)[:2]]


def test_a_better_entry_moves_the_others_and_only_what_changed_is_rendered(enter, read, time_machine):
    time_machine.move_to(timezone.now(), tick=False)  # whoever comes before midnight moves nobody after it
    entries = [enter(f"person{n}", 0.8 - n / 100, kwh=0.001 + n / 1000) for n in range(6)]
    read()

    best = enter("best", 0.95, days=0, kwh=0.1)
    body, rendered = read()

    assert cells(body, best)[0] == "1"
    assert [cells(body, each) for each in entries] == [[str(place), "▼\N{NO-BREAK SPACE}1"] for place in range(2, 8)]
    assert "best accuracy" in body[body.index(str(best.pk)) : body.index(str(entries[0].pk))]
    assert "best accuracy" not in body[body.index(str(entries[0].pk)) :]
    # Its own line, on the board and on the front, and that of who led before it.
    assert rendered <= 3


def test_nothing_is_left_open_in_a_line(enter, read):
    enter("ada", 0.9)

    for query in ("", "?order=emissions", "?order=measured", "?order=both"):
        assert "<!--rank-->" not in read(query)[0]
        assert "<!--moved-->" not in read(query)[0]


def test_a_line_says_a_new_name_and_escapes_what_looks_like_our_own_marks(enter, read):
    entry = enter("ada", 0.9)
    read()

    Team.objects.filter(pk=entry.team_id).update(name="<!--rank--><b>")
    lines_after = forgotten(read)

    assert "&lt;!--rank--&gt;&lt;b&gt;" in lines_after
    assert ">ada</a><!--" not in lines_after


def forgotten(read) -> str:
    """As a process reads it that has just begun: names are read again after a minute otherwise."""
    forget_all()
    return read()[0]


def test_each_language_has_lines_of_its_own(enter, read):
    enter("ada", 0.9)

    assert "best accuracy" in read()[0]
    assert "best accuracy" not in read(language="fr")[0]
    assert "best accuracy" in read()[0]


def test_lines_of_a_closed_task_are_others(enter, read, task):
    enter("ada", 0.9)
    assert "Since midnight" in read()[0]

    Task.objects.filter(pk=task.pk).update(closes_at=timezone.now() - timedelta(seconds=1))

    assert "Since midnight" not in read()[0]
