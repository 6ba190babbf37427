"""Phases of a task: their limits hold in them, and between them nothing is taken."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from fixpoint.blobs.store import blob_take
from fixpoint.organizing.wizard.baselines import baselines_take
from fixpoint.submissions.acceptance import dataset_enter
from fixpoint.submissions.models import Submission
from fixpoint.submissions.selectors import quota_of
from fixpoint.submissions.services import EntryRefusedError, submission_enter
from fixpoint.tasks.models import Baseline, Phase, Task
from tests.support.bundles import entry_files, write_zip
from tests.support.platform import accepted_dataset, open_task, person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def task() -> Task:
    return open_task(entries_per_day=10, entries_total=20)


@pytest.fixture
def owner():
    return person("owner")


def phase(task: Task, begins: int, ends: int, **values: object) -> Phase:
    now = timezone.now()
    return Phase.objects.create(task=task, name="now", begins_at=now + begins * DAY, ends_at=now + ends * DAY, **values)


def enter(owner, task, days_ago: int = 0) -> Submission:
    entry = submission_enter(owner=owner, dataset=accepted_dataset(owner, task))
    Submission.objects.filter(pk=entry.pk).update(created_at=timezone.now() - days_ago * DAY)
    return entry


def test_the_limits_of_the_current_phase_hold_instead_of_the_tasks(task, owner):
    phase(task, -1, 1, entries_per_day=2)
    assert quota_of(owner, task).day_left == 2
    for _ in range(2):
        enter(owner, task)
    with pytest.raises(EntryRefusedError, match="2 entries in 24 hours are used"):
        enter(owner, task)


def test_a_phases_total_counts_entries_within_it_alone(task, owner):
    for days_ago in (5, 4):
        enter(owner, task, days_ago)
    phase(task, -3, 1, entries_total=2)
    enter(owner, task, 2)

    quota = quota_of(owner, task)

    assert (quota.total_left, quota.total, quota.phase) == (1, 2, "now")
    enter(owner, task)
    with pytest.raises(EntryRefusedError, match="All 2 entries of the phase now are used"):
        enter(owner, task)


def test_the_tasks_own_total_holds_in_a_phase_too(task, owner):
    Task.objects.update(entries_total=2)
    task.refresh_from_db()
    enter(owner, task, 5)
    phase(task, -3, 1, entries_total=7)

    assert (quota_of(owner, task).total_left, quota_of(owner, task).phase) == (1, "")


def test_between_phases_nothing_is_taken_and_the_next_one_is_named(task, owner, client):
    phase(task, -3, -1)
    coming = phase(task, 2, 3)
    assert not task.takes_entries

    with pytest.raises(EntryRefusedError, match=rf"the next, now, begins on {coming.begins_at:%Y-%m-%d %H:%M} UTC"):
        enter(owner, task)
    assert "no entries are taken" in client.get(reverse("task", args=[task.slug])).content.decode()


def test_after_the_last_phase_the_task_says_that_it_is_over(task, owner):
    phase(task, -3, -1)
    with pytest.raises(EntryRefusedError, match="The last phase of this task has ended"):
        enter(owner, task)


def test_the_timeline_is_told_in_the_tasks_zone(task, client):
    Task.objects.update(time_zone="Europe/Vienna")
    Phase.objects.create(
        task=task, name="Spring", begins_at="2031-03-01T11:00Z", ends_at="2031-04-01T11:00Z", entries_total=4
    )

    page = client.get(reverse("task", args=[task.slug])).content.decode()

    assert "2031-03-01 12:00" in page
    assert "2031-04-01 13:00" in page  # summer time has begun
    assert "(Europe/Vienna)" in page
    assert "4 entries of a team in it" in page


@pytest.fixture
def baseline(task, tmp_path) -> Baseline:
    """One that came with a draft of a task."""
    Task.objects.update(published_at=None)
    organizer = person("olga", role="organizer")
    task.organizers.set([organizer])
    stored = blob_take(write_zip(tmp_path / "plain.zip", entry_files()))
    return Baseline.objects.create(
        task=task, owner=organizer, name="as drawn", role="reference", archive_sha256=stored.sha256
    )


def test_a_baseline_is_handed_in_once_when_its_task_is_ready(task, baseline):
    Task.objects.update(status="preparing")
    assert baselines_take() == 0
    Task.objects.update(status="open")

    assert [baselines_take(), baselines_take()] == [1, 0]

    baseline.refresh_from_db()
    dataset = task.datasets.get()
    assert (baseline.dataset_id, dataset.name, dataset.enters) == (dataset.pk, "as drawn", True)


def test_a_draft_takes_its_baseline_as_such_and_nothing_else(task, baseline):
    task.refresh_from_db()
    dataset = accepted_dataset(baseline.owner, task)
    Baseline.objects.update(dataset_id=dataset.pk)

    assert dataset_enter(dataset) == ""

    assert Submission.objects.get().role == Submission.Role.REFERENCE
    other = accepted_dataset(baseline.owner, task)
    assert "takes baselines and references alone" in dataset_enter(other)


def test_a_baseline_that_cannot_be_taken_says_why_and_is_not_tried_again(task, baseline, settings):
    Baseline.objects.update(archive_sha256="7" * 64)

    assert [baselines_take(), baselines_take()] == [0, 0]

    assert Baseline.objects.get().refusal
