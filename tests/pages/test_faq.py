"""Questions on a task's page: the organizers' own, and those that its settings answer."""

import pytest
from django.test import Client

from fixpoint.organizing.wizard.changing import task_change
from fixpoint.tasks.models import Task
from tests.support.platform import open_task

pytestmark = pytest.mark.django_db


def page_of(task: Task) -> str:
    return " ".join(Client().get(f"/tasks/{task.slug}/").content.decode().split())


def test_the_settings_answer_what_everybody_asks():
    page = page_of(open_task(seeds=3, entries_per_day=4, entries_total=17, entries_per_week=9, max_team_size=6))

    assert "locked model 3 times" in page
    assert "A team has 4 entries in 24 hours and 17 in all. In any 7 days it has 9." in page
    assert "Up to 6." in page
    assert "of CO₂ with 10,000 images." in page


def test_outside_data_is_a_matter_of_the_rules_where_there_are_any(task):
    assert "no written rules about it" in page_of(task)

    Task.objects.filter(pk=task.pk).update(rules="Draw your own.")

    assert 'href="#rules"' in page_of(task)


def test_organizers_write_their_own_questions_in_markdown_and_nothing_that_runs(organizer, task):
    asked = "# May I draw?\n\n*Yes*. <script>alert(1)</script>"

    assert task_change(task=task, changes={"faq": asked}, who=organizer, why="Asked often.") == ["faq"]

    page = page_of(task)
    assert "<h3>May I draw?</h3> <p><em>Yes</em>." in page
    assert "<script>alert" not in page
