"""Entering the same dataset again after an entry that came to nothing."""

import pytest
from django.urls import reverse

from fixpoint.submissions.again import is_repeatable, submission_repeat
from fixpoint.submissions.models import Submission
from fixpoint.submissions.services import EntryRefusedError
from fixpoint.tasks.models import Task
from tests.pages.rows import entry_of
from tests.support.platform import accepted_dataset

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended(owner, task):
    entry = entry_of(accepted_dataset(owner, task))
    Submission.objects.filter(pk=entry.pk).update(status="error", quota="released")
    entry.refresh_from_db()
    return entry


@pytest.mark.parametrize(
    ("status", "offered"),
    [("failed", True), ("error", True), ("cancelled", True), ("queued", False), ("training", False)],
)
def test_it_is_offered_after_an_end_without_a_score(ended, owner, stranger, status, offered):
    ended.status = status

    assert is_repeatable(ended, owner) is offered
    assert not is_repeatable(ended, stranger)


def test_one_button_enters_the_same_dataset_as_an_entry_like_any_other(client, ended, owner):
    client.force_login(owner)
    assert reverse("entry_again", args=[ended.pk]) in client.get(reverse("entry", args=[ended.pk])).content.decode()

    answer = client.post(reverse("entry_again", args=[ended.pk]))

    new = Submission.objects.exclude(pk=ended.pk).get()
    assert answer.url == reverse("entry", args=[new.pk])
    assert (new.dataset, new.status, new.quota, new.seeds) == (ended.dataset, "queued", "reserved", ended.seeds)


@pytest.mark.parametrize(("status", "is_warned"), [("failed", True), ("error", False), ("cancelled", False)])
def test_after_a_failure_by_its_data_another_upload_is_offered_first(client, ended, owner, status, is_warned):
    Submission.objects.update(status=status)
    client.force_login(owner)

    page = client.get(reverse("entry", args=[ended.pk])).content.decode()

    assert ("will probably fail in the same way" in page) is is_warned
    upload, again = page.find("Upload a mended dataset"), page.find("Enter the same dataset again")
    assert (0 < upload < again) is is_warned
    assert again > 0


def test_a_used_up_quota_refuses_it_and_says_why(client, ended, owner):
    Task.objects.update(entries_total=0)
    client.force_login(owner)

    answer = client.post(reverse("entry_again", args=[ended.pk]), follow=True)

    assert "All 0 entries of this task are used." in answer.content.decode()
    assert Submission.objects.count() == 1


def test_nobody_enters_what_is_anothers_or_not_over(ended, owner, organizer):
    with pytest.raises(EntryRefusedError):
        submission_repeat(submission=ended, who=organizer)
    ended.status = "scored"
    with pytest.raises(EntryRefusedError):
        submission_repeat(submission=ended, who=owner)
    assert Submission.objects.count() == 1
