"""What is looked at of an entry: one statement, however many there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fixpoint.submissions.events.looks import looks_at
from fixpoint.submissions.selectors import queue_position
from fixpoint.tasks.models import Task
from tests.pages.rows import entry_of, scored, training
from tests.support.platform import accepted_dataset, open_task

pytestmark = pytest.mark.django_db
CURVE = [(1.9, 0.3), (1.2, 0.5)]


def test_a_look_tells_state_epochs_and_phases_of_the_newest_attempt(owner, task):
    entry = training(entry_of(accepted_dataset(owner, task), seeds=[0, 1]), CURVE)
    assert looks_at([entry.pk])[entry.pk].version == "1.training.4.0."

    entry.attempt = 2
    entry.save()
    assert looks_at([entry.pk])[entry.pk].version == "2.training.0.0."

    entry.attempt = 1
    scored(entry)
    look = looks_at([entry.pk])[entry.pk]
    assert look.version == "1.scored.4.2."
    assert look.is_final


def test_a_look_agrees_with_the_place_in_the_queue_which_is_the_queues_own(owner, task):
    elsewhere = open_task("of-the-lab", workers="lab")
    Task.objects.filter(pk=elsewhere.pk).update(entries_per_day=100)
    waiting = [entry_of(accepted_dataset(owner, each)) for each in (elsewhere, task, elsewhere, task)]

    looks = looks_at([each.pk for each in waiting])

    assert [looks[each.pk].ahead for each in waiting] == [0, 0, 1, 1]
    assert [queue_position(each) for each in waiting] == [1, 1, 2, 2]


def test_many_entries_are_one_statement(owner, task):
    entries = [entry_of(accepted_dataset(owner, task)) for _ in range(5)]

    with CaptureQueriesContext(connection) as asked:
        looks_at([each.pk for each in entries])

    assert len(asked) == 1
