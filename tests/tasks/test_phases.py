"""A task's phase: its status, and its dates."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from fixpoint.tasks.selectors import tasks_closed, tasks_open, tasks_upcoming
from tests.support.platform import open_task, person, retire

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("status", "opens", "closes", "phase"),
    [
        ("open", None, None, "open"),
        ("open", -HOUR, HOUR, "open"),
        ("open", HOUR, None, "upcoming"),
        ("open", None, -HOUR, "closed"),
        ("closed", None, HOUR, "closed"),
        ("preparing", HOUR, None, "preparing"),
        ("error", None, -HOUR, "error"),
    ],
)
def test_a_date_decides_only_where_the_task_is_open(status, opens, closes, phase):
    now = timezone.now()
    task = open_task(status=status, opens_at=opens and now + opens, closes_at=closes and now + closes)

    assert task.phase == phase
    lists = {"open": tasks_open, "upcoming": tasks_upcoming, "closed": tasks_closed}
    assert [name for name, tasks in lists.items() if task in tasks()] == [name for name in lists if name == phase]


def test_a_task_is_over_when_its_recipe_is_retired(tmp_path, monkeypatch):
    task, coming = open_task(), open_task("coming", opens_at=timezone.now() + HOUR)
    retire(task, tmp_path, monkeypatch)

    assert task.phase == coming.phase == "closed"
    assert (list(tasks_open()), list(tasks_upcoming())) == ([], [])
    assert set(tasks_closed()) == {task, coming}


@pytest.mark.parametrize("status", ["preparing", "error"])
def test_a_task_whose_recipe_is_retired_before_it_opened_says_so_and_not_that_it_will_open(
    status, tmp_path, monkeypatch, client
):
    task = open_task(status=status)
    retire(task, tmp_path, monkeypatch)
    client.force_login(person("organizer", role="organizer"))

    page = client.get(reverse("task", args=[task.slug])).content.decode()

    assert task.phase == "closed"
    assert "was retired on 2026-11-22" in page
    assert "opens by itself" not in page


def test_after_its_last_moment_a_task_is_closed_on_every_page(client):
    task = open_task(title="Past numerals", closes_at=timezone.now() - HOUR)

    home = client.get(reverse("home")).content.decode()
    page = client.get(reverse("task", args=[task.slug])).content.decode()

    assert home.index("Closed tasks") < home.index("Past numerals")
    assert "last day" not in home
    assert "Closed" in page
    assert reverse("upload") + "?task=" not in page


def test_before_its_first_moment_a_task_says_when_it_opens_and_takes_no_dataset(client):
    opens = timezone.now() + 30 * HOUR
    task = open_task(title="Coming numerals", opens_at=opens)
    client.force_login(person("early"))

    home = client.get(reverse("home")).content.decode()
    page = client.get(reverse("task", args=[task.slug])).content.decode()
    upload = client.get(f"{reverse('upload')}?task={task.slug}").content.decode()

    for told in (home, page, upload):
        assert f"{opens:%Y-%m-%d %H:%M}" in told
    assert "Upcoming" in page
    assert "takes no datasets now" in upload
    assert 'type="file"' not in upload
