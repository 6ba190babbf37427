"""Entries in every state for the tests of pages."""

import pytest
from django.test import Client

from fixpoint.accounts.models import User
from fixpoint.datasets.models import Dataset
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task
from tests.pages.rows import entry_of, refused_dataset, scored, training
from tests.support.platform import accepted_dataset

CURVE = [(1.9, 0.31), (1.2, 0.55), (0.8, 0.71)]
REASONS = {
    "missing-class": [("val/klasse-zwei/", "No image of class 'klasse-zwei' in val.")],
    "unexpected-file": [(f"train/notes{n}.txt", "Not named as an image.") for n in range(14)],
}


@pytest.fixture
def accepted(owner: User, task: Task) -> Dataset:
    return accepted_dataset(owner, task, "cleaned by hand")


@pytest.fixture
def refused(owner: User, task: Task) -> Dataset:
    return refused_dataset(owner, task, REASONS)


@pytest.fixture
def ingesting(owner: User, task: Task) -> Dataset:
    dataset = accepted_dataset(owner, task, "being read")
    Dataset.objects.filter(pk=dataset.pk).update(status="ingesting", digest="", pack_sha256="")
    dataset.refresh_from_db()
    return dataset


@pytest.fixture
def running(accepted: Dataset) -> Submission:
    return training(entry_of(accepted), CURVE, epochs=5)


@pytest.fixture
def done(accepted: Dataset) -> Submission:
    return scored(training(entry_of(accepted), CURVE, epochs=3))


@pytest.fixture
def signed_in(owner: User) -> Client:
    """A browser in which the owner is signed in."""
    client = Client()
    client.force_login(owner)
    return client
