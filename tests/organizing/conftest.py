"""What tests of running a task begin with."""

import pytest
from django.urls import reverse

from fixpoint.leaderboard.freezing import standings_freeze
from fixpoint.organizing.pausing import task_end
from fixpoint.tasks.models import Draft
from tests.pages.rows import Score, entry_of, scored, training
from tests.support.platform import person


@pytest.fixture
def olga(client):
    """An organizer, whom the client is signed in as."""
    user = person("olga", role="organizer")
    client.force_login(user)
    return user


@pytest.fixture
def draft(client, olga) -> Draft:
    """An empty one of olga's, begun on the page."""
    client.post(reverse("drafts"))
    return Draft.objects.get()


@pytest.fixture
def standing(rows, owner, task):
    """An entry with a score, on its board."""
    return scored(training(entry_of(rows.accepted_dataset(owner, task)), [(1.0, 0.5)]))


@pytest.fixture
def waiting(rows, owner, task):
    """An entry in the queue."""
    return entry_of(rows.accepted_dataset(owner, task, "waiting"))


@pytest.fixture
def running(client, organizer):
    """The client, signed in as who runs the task."""
    client.force_login(organizer)
    return client


@pytest.fixture
def good(rows, owner, task):
    """The most accurate entry, at a price."""
    dataset = rows.accepted_dataset(owner, task, "good")
    return scored(training(entry_of(dataset), [(1.0, 0.5)]), Score(accuracy=0.9, kwh=0.008))


@pytest.fixture
def frugal(rows, stranger, task):
    """The other one, for less."""
    dataset = rows.accepted_dataset(stranger, task, "frugal")
    return scored(training(entry_of(dataset), [(1.0, 0.5)]), Score(accuracy=0.7, kwh=0.002))


@pytest.fixture
def over(good, frugal, task, organizer):
    """The task is closed, and its standings are frozen."""
    task_end(task=task, why="", who=organizer)
    standings_freeze(task_id=task.pk)
    return task
