"""Deleting a dataset in the browser, without JavaScript: asked once more, told what becomes of it, taken back."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fixpoint.accounts.models import User
from fixpoint.datasets.models import Dataset
from fixpoint.datasets.storage import Room
from fixpoint.submissions.models import Submission
from tests.pages.rows import moved

pytestmark = pytest.mark.django_db


def page(client: Client, name: str, *arguments: object) -> str:
    answer = client.get(reverse(name, args=arguments), follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def plain(text: str) -> str:
    return " ".join(text.split())


def test_a_dataset_is_deleted_after_one_question_and_restored_from_the_list(
    signed_in: Client, accepted: Dataset
) -> None:
    address = reverse("dataset_delete", args=[accepted.pk])
    assert address in page(signed_in, "dataset", accepted.pk)
    question = page(signed_in, "dataset_delete", accepted.pk)
    assert "Delete “cleaned by hand”?" in question
    assert "It can be restored for 30 days" in question
    assert Dataset.objects.get().deleted_at is None, "a question changes nothing"

    told = signed_in.post(address, follow=True).content.decode()
    assert "It can be restored until" in told
    assert "cleaned by hand" not in page(signed_in, "me")
    assert "1 deleted dataset" in page(signed_in, "me")
    assert "cleaned by hand" in page(signed_in, "deleted_datasets")

    restored = signed_in.post(reverse("dataset_restore", args=[accepted.pk]), follow=True)
    assert restored.redirect_chain[-1][0] == reverse("dataset", args=[accepted.pk])
    assert "cleaned by hand" in page(signed_in, "me")


def test_its_own_address_leads_to_what_becomes_of_it_and_all_else_is_gone(signed_in: Client, accepted: Dataset) -> None:
    signed_in.post(reverse("dataset_delete", args=[accepted.pk]))
    answer = signed_in.get(reverse("dataset", args=[accepted.pk]))
    assert answer["Location"] == reverse("dataset_delete", args=[accepted.pk])
    for name in ("dataset_live", "dataset_images", "dataset_images_csv", "dataset_reasons", "dataset_comparison"):
        assert signed_in.get(reverse(name, args=[accepted.pk])).status_code == 404
    assert signed_in.post(reverse("enter", args=[accepted.pk])).status_code == 404


def test_what_a_score_rests_on_offers_no_button_and_says_why(signed_in: Client, done: Submission) -> None:
    told = page(signed_in, "dataset_delete", done.dataset_id)
    assert "the board rests on it" in told
    assert "Delete it" not in told
    assert "the board rests on it" in page(signed_in, "dataset", done.dataset_id)
    refused = signed_in.post(reverse("dataset_delete", args=[done.dataset_id]), follow=True).content.decode()
    assert "the board rests on it" in refused
    assert Dataset.objects.get().deleted_at is None
    assert reverse("dataset_delete", args=[done.dataset_id]) not in page(signed_in, "me")


def test_an_organizer_deletes_and_restores_for_somebody(accepted: Dataset, organizer: User) -> None:
    client = Client()
    client.force_login(organizer)
    client.post(reverse("dataset_delete", args=[accepted.pk]))
    assert Dataset.objects.get().deleted_at
    assert accepted.transitions.get().who == "organizer"
    client.post(reverse("dataset_restore", args=[accepted.pk]))
    assert Dataset.objects.get().deleted_at is None


def test_the_entry_of_a_deleted_dataset_leads_to_what_became_of_it(signed_in: Client, running: Submission) -> None:
    Submission.objects.update(status="cancelled")
    moved(running, "training", "cancelled", "cancelled on request", running.created_at)
    signed_in.post(reverse("dataset_delete", args=[running.dataset_id]))
    assert reverse("dataset", args=[running.dataset_id]) in page(signed_in, "entry", running.pk)
    assert "It can be restored until" in page(signed_in, "dataset", running.dataset_id)


def test_the_question_tells_what_becomes_of_its_only_entry(signed_in: Client, running: Submission) -> None:
    Submission.objects.update(status="cancelled")
    question = page(signed_in, "dataset_delete", running.dataset_id)
    assert "Its entry stays in the logbook" in question
    assert "no longer counts towards your share" in question


def test_the_logbook_says_what_cannot_be_deleted(signed_in: Client, done: Submission) -> None:
    assert "What has a score, waits, is being read or trained cannot be deleted." in page(signed_in, "me")


@pytest.mark.parametrize("listed", ["me", "deleted_datasets"])
def test_a_phone_shows_the_size_under_the_name(signed_in: Client, accepted: Dataset, listed: str) -> None:
    if listed == "deleted_datasets":
        signed_in.post(reverse("dataset_delete", args=[accepted.pk]))
    size = '<span class="slim quiet small">1,000\N{NO-BREAK SPACE}B</span>'
    assert size in page(signed_in, listed)
    Dataset.objects.update(archive_freed_at=timezone.now())
    assert size not in page(signed_in, listed)


def test_the_upload_page_tells_what_is_left_before_a_file_is_chosen(
    settings, signed_in: Client, accepted: Dataset
) -> None:
    settings.STORAGE_BYTES_PER_PERSON = 4000
    told = plain(page(signed_in, "upload"))
    assert "Your datasets and unfinished uploads take 1,000 B of the 3.9 KiB that a person may keep here:" in told
    assert "you can upload 2.9 KiB more." in told
    assert "Make room" not in told
    settings.STORAGE_BYTES_PER_PERSON = 1000
    told = page(signed_in, "upload")
    assert "you can upload nothing more." in told
    assert "Make room: delete what you no longer need" in told


def test_where_the_deleted_take_the_room_the_page_names_the_day_and_offers_no_deleting(
    settings, signed_in: Client, accepted: Dataset
) -> None:
    gone = timezone.now() - timedelta(days=1)
    Dataset.objects.update(deleted_at=gone)
    settings.STORAGE_BYTES_PER_PERSON = 2000
    assert "What you deleted takes 1,000 B beside that until" in plain(page(signed_in, "upload"))
    settings.STORAGE_BYTES_PER_PERSON = 500
    told = plain(page(signed_in, "upload"))
    assert "you can upload nothing more. What you deleted takes 1,000 B until it can no longer be restored" in told
    assert f"at most twice the limit: the first of it goes on {gone + timedelta(days=30):%Y-%m-%d}." in told
    assert "Make room" not in told


def test_what_is_kept_for_ever_after_deleting_names_no_day() -> None:
    room = Room(used=0, deleted=1000, limit=500, scope="a person may keep here")
    told = plain(render_to_string("parts/room.html", {"room": room}))
    assert "What you deleted takes 1,000 B for ever, and both together take at most twice the limit" in told
    assert "goes on" not in told
