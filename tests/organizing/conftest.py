"""What tests of running a task begin with."""

import pytest

from tests.pages.rows import entry_of, scored, training


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
