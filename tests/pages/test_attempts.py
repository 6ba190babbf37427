"""The attempts at an entry or a dataset are shown to organizers, and to nobody else."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fixpoint.accounts.models import User
from fixpoint.datasets.models import Dataset
from fixpoint.datasets.services import dataset_retry
from fixpoint.dispatch.models import Attempt
from fixpoint.submissions.models import Submission
from tests.pages.rows import entry_of, moved

pytestmark = pytest.mark.django_db
SECRETS = ("the-name-of-a-worker", "lost", "The worker fell silent.", "For organizers alone")


def lost(subject: Submission | Dataset, kind: str) -> None:
    """An attempt at it that was lost."""
    now = timezone.now()
    Attempt.objects.create(
        handler="submission" if kind == "evaluate" else "dataset",
        kind=kind,
        subject_id=subject.pk,
        number=subject.attempt,
        queue=kind,
        worker="the-name-of-a-worker",
        claimed_at=now,
        ended_at=now,
        outcome="lost",
    )


def attempted(entry: Submission) -> Submission:
    """The entry with an attempt that was lost, and why."""
    now = timezone.now()
    lost(entry, "evaluate")
    moved(entry, "queued", "error", "The worker fell silent.", now)
    return entry


@pytest.fixture
def given_up(accepted: Dataset) -> Submission:
    return attempted(entry_of(accepted, status="error", reason="Our fault, and organizers can see why."))


@pytest.mark.parametrize("name", ["entry", "entry_live"])
def test_an_organizer_sees_who_held_each_attempt_and_why_it_ended(
    client: Client, organizer: User, given_up: Submission, name: str
) -> None:
    client.force_login(organizer)

    page = client.get(reverse(name, args=[given_up.pk])).content.decode()

    for told in SECRETS:
        assert told in page


@pytest.mark.parametrize("name", ["dataset", "dataset_live"])
def test_so_does_an_organizer_of_a_dataset_that_was_given_up_and_its_owner_does_not(
    client: Client, signed_in: Client, organizer: User, ingesting: Dataset, settings: Any, name: str
) -> None:
    settings.MAX_ATTEMPTS = 1
    lost(ingesting, "ingest")
    dataset_retry(dataset=ingesting, why="The worker fell silent.")
    client.force_login(organizer)

    told = client.get(reverse(name, args=[ingesting.pk])).content.decode()
    shown = signed_in.get(reverse(name, args=[ingesting.pk])).content.decode()

    assert "We could not read it" in shown
    assert [each for each in SECRETS if each not in told] == []
    assert [each for each in SECRETS if each in shown] == []


@pytest.mark.parametrize("name", ["entry", "entry_live"])
def test_its_owner_sees_none_of_it(signed_in: Client, given_up: Submission, name: str) -> None:
    page = signed_in.get(reverse(name, args=[given_up.pk])).content.decode()

    assert "organizers can see why" in page
    for secret in SECRETS:
        assert secret not in page


@pytest.mark.parametrize("name", ["entry", "entry_live"])
def test_the_public_sees_none_of_it_of_a_scored_one(client: Client, done: Submission, name: str) -> None:
    attempted(done)

    page = client.get(reverse(name, args=[done.pk])).content.decode()

    for secret in SECRETS:
        assert secret not in page


def test_an_entry_that_waits_for_another_attempt_is_not_said_not_to_have_started(
    signed_in: Client, accepted: Dataset
) -> None:
    entry = entry_of(accepted, attempt=2)

    page = signed_in.get(reverse("entry", args=[entry.pk])).content.decode()

    assert "It waits: cancelling costs nothing." in page
    assert "It has not started" not in page
