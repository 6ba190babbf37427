"""Who may see an entry, and where it stands in the queue."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from fixpoint.submissions.models import Submission
from fixpoint.submissions.selectors import is_insider, queue_position, submission_for
from fixpoint.submissions.services import submission_enter
from tests.support.evaluating import evaluate, start


def test_an_entry_that_is_not_scored_is_its_owners_and_the_organizers(entry, owner, stranger, organizer):
    for insider in (owner, organizer):
        assert submission_for(insider, entry.pk) == entry
    for outsider in (stranger, AnonymousUser()):
        with pytest.raises(Submission.DoesNotExist):
            submission_for(outsider, entry.pk)


def test_a_scored_entry_is_everybodys_but_not_from_inside(entry, worker, owner, stranger):
    evaluate(worker, [0, 1, 0, 1])
    for viewer in (owner, stranger, AnonymousUser()):
        assert submission_for(viewer, entry.pk) == entry
    assert is_insider(owner, entry)
    assert not is_insider(stranger, entry)
    assert not is_insider(AnonymousUser(), entry)


def test_a_superuser_runs_tasks_too(entry, stranger):
    stranger.is_superuser = True
    assert is_insider(stranger, entry)


def test_the_queue_is_counted_from_its_head(entry, worker, owner, rows, stranger, task):
    second = submission_enter(owner=stranger, dataset=rows.accepted_dataset(stranger, task))
    Submission.objects.filter(pk=entry.pk).update(created_at=timezone.now() - timedelta(minutes=1))
    entry.refresh_from_db()
    assert (queue_position(entry), queue_position(second)) == (1, 2)
    start(worker)
    entry.refresh_from_db()
    assert (queue_position(entry), queue_position(second)) == (None, 1)
