"""An entry that is given up through our fault: organizers are told, and only if it really happened."""

import pytest

from fixpoint.accounts.models import Notice
from fixpoint.submissions.models import Submission
from fixpoint.submissions.services import submission_cancel, submission_enter, submission_retry


@pytest.fixture
def entry(rows, owner, organizer, task, settings):
    entry = submission_enter(owner=owner, dataset=rows.accepted_dataset(owner, task))
    Submission.objects.filter(pk=entry.pk).update(attempt=settings.MAX_ATTEMPTS, status="training")
    return Submission.objects.get(pk=entry.pk)


def test_an_entry_that_was_given_up_is_told(entry, organizer):
    submission_retry(submission=entry, why="the disk was full")
    entry.refresh_from_db()
    assert entry.status == "error"
    assert organizer.notices.count() == 1


def test_an_entry_that_was_cancelled_in_the_same_moment_is_not_told_as_given_up(entry, owner):
    submission_cancel(submission=Submission.objects.get(pk=entry.pk), who=owner)
    submission_retry(submission=entry, why="the disk was full")
    entry.refresh_from_db()
    assert entry.status == "cancelled"
    assert not Notice.objects.exists()
