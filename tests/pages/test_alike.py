"""The same images once more: what has its score already is said to, before an entry is spent on it."""

import pytest
from django.test import Client
from django.urls import reverse

from fixpoint.accounts.models import User
from fixpoint.datasets.models import Dataset
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task
from tests.pages.rows import entry_of, scored, training
from tests.support.platform import accepted_dataset, person

pytestmark = pytest.mark.django_db
SAYS = "They scored 0.7500. Training repeats: entering them again gives the same score."


@pytest.fixture
def twin(done: Submission, owner: User, task: Task) -> Dataset:
    """The images of the scored entry, uploaded a second time."""
    twin = accepted_dataset(owner, task, "cleaned again")
    assert twin.digest == done.dataset.digest
    return twin


def page_of(client: Client, dataset: Dataset) -> str:
    return client.get(reverse("dataset", args=[dataset.pk])).content.decode()


def test_a_second_upload_of_scored_images_says_so_first_with_their_score(
    signed_in: Client, twin: Dataset, done: Submission
) -> None:
    page = page_of(signed_in, twin)

    assert SAYS in page
    assert page.index(SAYS) < page.index("Enter this dataset")
    assert f'href="{reverse("entry", args=[done.pk])}"' in page
    assert 'class="button" type="submit">Enter this dataset' in page


def test_what_was_scored_itself_says_so_too(signed_in: Client, done: Submission) -> None:
    assert SAYS in page_of(signed_in, done.dataset)


@pytest.mark.parametrize(
    "other",
    [{"recipe_digest": "e" * 64}, {"seeds": [7]}, {"status": "failed", "accuracy": None}, {"role": "baseline"}],
)
def test_what_would_score_otherwise_is_offered_as_ever(
    signed_in: Client, twin: Dataset, done: Submission, other: dict[str, object]
) -> None:
    Submission.objects.filter(pk=done.pk).update(**other)

    page = page_of(signed_in, twin)

    assert "The same images were entered already." not in page
    assert 'class="button main" type="submit">Enter this dataset' in page


def test_other_images_are_offered_as_ever(signed_in: Client, twin: Dataset) -> None:
    Dataset.objects.filter(pk=twin.pk).update(digest="a" * 64)

    assert "The same images were entered already." not in page_of(signed_in, twin)


def test_another_teams_entry_of_the_same_images_is_nobody_elses_business(owner: User, task: Task) -> None:
    scored(training(entry_of(accepted_dataset(owner, task)), [(1.0, 0.5)], epochs=1))
    other = person("rival")
    client = Client()
    client.force_login(other)

    assert "The same images were entered already." not in page_of(client, accepted_dataset(other, task))


def test_a_score_that_was_not_told_is_not_told_here(signed_in: Client, twin: Dataset, done: Submission) -> None:
    Submission.objects.filter(pk=done.pk).update(is_own_score=False)

    page = page_of(signed_in, twin)

    assert "Training repeats: entering them again gives the same score." in page
    assert "They scored" not in page


def test_a_cancelled_entry_is_repeated_with_the_same_warning(signed_in: Client, twin: Dataset) -> None:
    cancelled = entry_of(twin)
    Submission.objects.filter(pk=cancelled.pk).update(status="cancelled")

    assert SAYS in signed_in.get(reverse("entry", args=[cancelled.pk])).content.decode()
