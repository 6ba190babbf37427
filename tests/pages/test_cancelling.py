"""Cancelling an entry: what it costs is said before and after, and what costs something is asked about first."""

import pytest
from django.test import Client
from django.urls import reverse

from fixpoint.accounts.models import User
from fixpoint.datasets.models import Dataset
from fixpoint.submissions.models import Submission
from fixpoint.submissions.services import submission_cancel
from tests.pages.rows import entry_of

pytestmark = pytest.mark.django_db
COSTS = "It has started: it stays charged, and cannot be resumed."


def where(entry: Submission) -> str:
    return reverse("entry_cancel", args=[entry.pk])


def test_a_running_entry_is_not_cancelled_by_one_click(signed_in: Client, running: Submission) -> None:
    page = signed_in.get(reverse("entry", args=[running.pk])).content.decode()

    assert COSTS in page
    assert f'action="{where(running)}"' not in page
    assert f'href="{where(running)}"' in page


def test_it_is_asked_first_and_cancelled_by_the_answer(signed_in: Client, running: Submission) -> None:
    asked = signed_in.get(where(running)).content.decode()
    running.refresh_from_db()
    assert running.status == "training"
    assert COSTS in asked
    assert 'name="free"' not in asked

    page = signed_in.post(where(running), follow=True).content.decode()

    assert "Cancelled by owner after it started: charged." in page
    running.refresh_from_db()
    assert (running.status, running.quota) == ("cancelled", "charged")


def test_what_began_after_the_page_said_it_is_free_is_asked_about(signed_in: Client, accepted: Dataset) -> None:
    entry = entry_of(accepted)
    page = signed_in.get(reverse("entry", args=[entry.pk])).content.decode()
    assert 'name="free"' in page
    Submission.objects.filter(pk=entry.pk).update(status="training", quota="charged")

    answer = signed_in.post(where(entry), {"free": ""}, follow=True)

    assert answer.redirect_chain[-1][0] == where(entry)
    assert "It has started meanwhile, and was not cancelled." in answer.content.decode()
    assert COSTS in answer.content.decode()
    entry.refresh_from_db()
    assert entry.status == "training"


def test_what_waits_is_cancelled_by_one_click_for_nothing(signed_in: Client, accepted: Dataset) -> None:
    entry = entry_of(accepted)

    page = signed_in.post(where(entry), {"free": ""}, follow=True).content.decode()

    assert "Cancelled by owner before it started: not charged." in page


def test_of_the_hosts_entries_none_is_said_to_be_charged(owner: User, running: Submission, signed_in: Client) -> None:
    Submission.objects.filter(pk=running.pk).update(role="baseline")
    running.refresh_from_db()
    assert "It takes nothing of a quota." in signed_in.get(where(running)).content.decode()

    submission_cancel(submission=running, who=owner)

    running.refresh_from_db()
    assert running.reason == "Cancelled by owner."


def test_what_is_over_has_nothing_to_cancel(signed_in: Client, done: Submission) -> None:
    page = signed_in.get(where(done)).content.decode()

    assert "Nothing to cancel: it was over already." in page
    assert 'type="submit">Cancel' not in page
