"""Who runs a task: whom it names, or every organizer where it names nobody."""

import pytest
from django.conf import settings

from fixpoint.accounts.models import Notice, User
from fixpoint.datasets.models import Dataset
from fixpoint.datasets.services import dataset_retry
from fixpoint.tasks.running import organizers_of, runs, tasks_run_by


@pytest.fixture
def neighbour(rows, organizer):
    """An organizer whom another task names."""
    found = rows.person("neighbour", role="organizer")
    rows.open_task("elsewhere").organizers.add(found)
    return found


def test_a_task_that_names_nobody_is_run_by_every_organizer(task, organizer, neighbour, owner):
    assert [runs(each, task) for each in (organizer, neighbour, owner)] == [True, True, False]
    assert set(organizers_of(task)) == {organizer, neighbour}


def test_a_task_that_names_somebody_is_run_by_them_alone(task, organizer, neighbour, owner):
    task.organizers.add(organizer)
    assert [runs(each, task) for each in (organizer, neighbour)] == [True, False]
    assert [set(tasks_run_by(each).values_list("slug", flat=True)) for each in (organizer, neighbour)] == [
        {task.slug},
        {"elsewhere"},
    ]


def test_who_is_named_and_no_organizer_runs_nothing(task, owner):
    task.organizers.add(owner)
    assert not runs(owner, task)
    assert not tasks_run_by(owner).exists()


def test_a_superuser_runs_everything(task, organizer):
    root = User.objects.create_superuser("root", "root@example.org", "x")
    task.organizers.add(organizer)
    assert runs(root, task)


def test_what_happens_in_a_task_is_told_to_who_runs_it_alone(task, organizer, neighbour, owner, rows):
    task.organizers.add(organizer)
    dataset = rows.accepted_dataset(owner, task)
    Dataset.objects.filter(pk=dataset.pk).update(status="ingesting", attempt=settings.MAX_ATTEMPTS)
    dataset.refresh_from_db()
    dataset_retry(dataset=dataset, why="The disk was full.")
    told = set(Notice.objects.values_list("user__username", "kind"))
    assert told == {(organizer.username, Notice.Kind.SITE), (owner.username, Notice.Kind.RUNS)}
