"""Live parts: they ask again while something happens, say when they were updated, and go quiet at the end."""

import pytest
from django.test import Client
from django.urls import reverse

from fixpoint.datasets.models import Dataset
from fixpoint.submissions.models import Submission
from tests.pages.rows import entry_of, scored

pytestmark = pytest.mark.django_db
POLLS = "hx-trigger"


def test_a_running_entry_names_its_events_and_what_it_shows_already(signed_in: Client, running: Submission) -> None:
    page = signed_in.get(reverse("entry", args=[running.pk])).content.decode()

    assert f'hx-get="{reverse("entry_live", args=[running.pk])}" hx-trigger="refresh"' in page
    assert f'data-events="{reverse("entry_events", args=[running.pk])}" data-seen="1.training.3.0."' in page
    assert "js/live.js" in page
    assert "Epoch 3 of 5" in page
    assert "Last updated" in page


def test_a_scored_entry_asks_no_more(signed_in: Client, done: Submission) -> None:
    for name in ("entry", "entry_live"):
        page = signed_in.get(reverse(name, args=[done.pk])).content.decode()
        assert POLLS not in page
        assert "Last updated" not in page
        assert "http-equiv" not in page


def test_the_fragment_stops_by_itself_when_the_run_ends(signed_in: Client, running: Submission) -> None:
    address = reverse("entry_live", args=[running.pk])
    assert POLLS in signed_in.get(address).content.decode()

    scored(running)

    assert POLLS not in signed_in.get(address).content.decode()


def test_a_dataset_asks_again_until_its_images_are_read(signed_in: Client, ingesting: Dataset) -> None:
    address = reverse("dataset_live", args=[ingesting.pk])
    assert POLLS in signed_in.get(address).content.decode()

    Dataset.objects.filter(pk=ingesting.pk).update(status="accepted")

    assert POLLS not in signed_in.get(address).content.decode()


def test_without_javascript_the_page_reloads_itself_while_it_is_live(signed_in: Client, running: Submission) -> None:
    page = signed_in.get(reverse("entry", args=[running.pk])).content.decode()

    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page


def test_the_fragment_is_the_same_as_in_the_page(signed_in: Client, done: Submission) -> None:
    page = signed_in.get(reverse("entry", args=[done.pk])).content.decode()
    fragment = signed_in.get(reverse("entry_live", args=[done.pk])).content.decode()

    assert "<html" not in fragment
    assert "Provenance" in fragment
    assert fragment.count("<section") == page.count("<section")


def test_a_live_page_is_never_kept_in_a_cache(signed_in: Client, running: Submission) -> None:
    answer = signed_in.get(reverse("entry_live", args=[running.pk]))

    assert "no-store" in answer["Cache-Control"]


def test_an_entry_in_the_queue_says_where_it_stands(signed_in: Client, accepted: Dataset) -> None:
    entry_of(accepted)
    second = entry_of(accepted)

    page = signed_in.get(reverse("entry", args=[second.pk])).content.decode()

    assert "Number 2 in the queue" in page
    assert "cancelling costs nothing" in page
