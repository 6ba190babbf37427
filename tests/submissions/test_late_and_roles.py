"""Entries after the close, where a task takes them, and what organizers enter as a baseline or a reference."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from fixpoint.dispatch.models import Attempt
from fixpoint.submissions.models import Submission
from fixpoint.submissions.selectors import quota_of
from fixpoint.submissions.services import EntryRefusedError, submission_enter
from fixpoint.tasks.models import Task
from fixpoint.tasks.selectors import queues_unserved
from tests.support.evaluating import evaluate, hold_packs
from tests.support.worker import ScriptedWorker, job_of


@pytest.fixture
def over(task):
    def close(**values):
        Task.objects.filter(pk=task.pk).update(closes_at=timezone.now() - timedelta(seconds=1), **values)

    return close


def test_after_the_close_nothing_is_entered(rows, owner, task, over):
    over()
    with pytest.raises(EntryRefusedError, match="takes no entries now"):
        submission_enter(owner=owner, dataset=rows.accepted_dataset(owner, task))


def test_a_task_that_takes_late_entries_marks_them_and_scores_them(rows, owner, task, over, tmp_path):
    in_time = submission_enter(owner=owner, dataset=rows.accepted_dataset(owner, task))
    Submission.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    over(takes_late=True)
    late = submission_enter(owner=owner, dataset=rows.accepted_dataset(owner, task))
    hold_packs(late, tmp_path)
    evaluate(ScriptedWorker(job_of(Attempt.objects.get(subject_id=late.pk))), [0, 1, 0, 0])
    late, in_time = (Submission.objects.get(pk=each.pk) for each in (late, in_time))
    assert (late.is_late, late.status, late.accuracy) == (True, "scored", 0.75)
    assert not in_time.is_late


def test_late_entries_use_the_quota_as_any(rows, owner, task, over):
    over(takes_late=True)
    dataset = rows.accepted_dataset(owner, task)
    for _ in range(task.entries_per_day):
        submission_enter(owner=owner, dataset=dataset)
    with pytest.raises(EntryRefusedError, match="in 24 hours are used"):
        submission_enter(owner=owner, dataset=dataset)


def test_a_retired_recipe_takes_no_late_entries_either(rows, owner, task, over, tmp_path, monkeypatch):
    dataset = rows.accepted_dataset(owner, task)
    over(takes_late=True)
    rows.retire(task, tmp_path, monkeypatch)
    with pytest.raises(EntryRefusedError, match="takes no entries any more"):
        submission_enter(owner=owner, dataset=dataset)


@pytest.mark.parametrize("takes_late", [True, False])
def test_the_doors_before_an_entry_stand_open_as_long(rows, client, owner, task, over, takes_late):
    dataset = rows.accepted_dataset(owner, task)
    over(takes_late=takes_late)
    client.force_login(owner)
    upload = reverse("upload") + f"?task={task.slug}"
    assert ("takes no datasets now" not in client.get(upload).content.decode()) is takes_late
    assert (upload in client.get(reverse("task", args=[task.slug])).content.decode()) is takes_late
    page = client.get(reverse("dataset", args=[dataset.pk])).content.decode()
    assert (reverse("enter", args=[dataset.pk]) in page) is takes_late
    assert bool(queues_unserved()) is takes_late


@pytest.mark.parametrize("role", ["baseline", "reference"])
def test_what_organizers_enter_in_a_role_costs_nothing_of_their_quota(rows, organizer, task, role):
    dataset = rows.accepted_dataset(organizer, task)
    entries = [
        submission_enter(owner=organizer, dataset=dataset, role=Submission.Role(role))
        for _ in range(task.entries_per_day + 1)
    ]
    assert {each.role for each in entries} == {role}
    assert quota_of(organizer, task).day_left == task.entries_per_day


@pytest.mark.parametrize("role", ["baseline", "reference"])
def test_nobody_else_enters_in_a_role(rows, owner, task, role):
    with pytest.raises(EntryRefusedError, match=f"Only who runs this task enters a {role}"):
        submission_enter(owner=owner, dataset=rows.accepted_dataset(owner, task), role=Submission.Role(role))
    assert not Submission.objects.exists()
