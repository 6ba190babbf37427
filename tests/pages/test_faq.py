"""Questions on a task's page: the organizers' own, and those that its settings answer."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from fixpoint.organizing.wizard.changing import task_change
from fixpoint.tasks.models import Phase, Task
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


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        (
            {"entries_per_day": 2, "entries_total": 5},
            "In the phase Warm-up a team has 2 entries in 24 hours. In all of this phase it has 5. In the whole",
        ),
        ({"entries_per_day": 1}, "In the phase Warm-up a team has 1 entry in 24 hours. In the whole"),
        ({"entries_total": 5}, "a team has 4 entries in 24 hours. In all of this phase it has 5. In the whole"),
        ({}, "A team has 4 entries in 24 hours and 17 in all."),
    ],
)
def test_a_phase_that_has_limits_of_its_own_answers_with_them(limits, told):
    task = open_task(entries_per_day=4, entries_total=17)
    begins = timezone.now() - timedelta(hours=1)
    Phase.objects.create(task=task, name="Warm-up", begins_at=begins, ends_at=begins + timedelta(days=1), **limits)

    page = page_of(task)

    assert told in page
    assert ('In the whole task it has 17. <a href="#phases">' in page) == bool(limits)


@pytest.mark.parametrize("share", [0.5, 1])
def test_how_a_score_is_made_says_of_which_images_it_is_told_meanwhile(share):
    question = page_of(open_task(public_share=share)).partition("How is a score made?")[2].partition("</details>")[0]

    assert ("of them, the public ones" in question) == (share < 1)


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
