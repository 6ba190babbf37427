"""A task's and a dataset's files: to whom, as what."""

import tempfile
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from fixpoint.accounts.models import User
from fixpoint.blobs.store import blob_take
from fixpoint.datasets.models import Dataset
from fixpoint.tasks.models import Material, Task

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\nsheet"


def stored(data: bytes) -> str:
    with tempfile.NamedTemporaryFile(delete=False) as file:
        file.write(data)
    return blob_take(Path(file.name)).sha256


def test_the_label_book_is_a_picture_for_everybody(task: Task) -> None:
    Material.objects.create(
        task=task, role="label_book", status="ready", archive_sha256="0" * 64, sheet_sha256=stored(PNG)
    )

    answer = Client().get(reverse("label_book", args=[task.slug]))

    assert b"".join(answer.streaming_content) == PNG
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "public, max-age=3600"


def test_the_starter_data_is_a_file_to_save(task: Task) -> None:
    task.training_data_sha256 = stored(b"PK")
    task.save()

    answer = Client().get(reverse("training_data", args=[task.slug]))

    assert b"".join(answer.streaming_content) == b"PK"
    assert answer["Content-Disposition"] == f'attachment; filename="{task.slug}.zip"'


def test_a_contact_sheet_is_for_its_owner_and_organizers_alone(
    accepted: Dataset, owner: User, stranger: User, organizer: User
) -> None:
    Dataset.objects.filter(pk=accepted.pk).update(sheet_sha256=stored(PNG))
    address = reverse("dataset_sheet", args=[accepted.pk])

    statuses = []
    for person in (stranger, owner, organizer):
        client = Client()
        client.force_login(person)
        answer = client.get(address)
        answer.close()
        statuses.append(answer.status_code)

    assert statuses == [404, 200, 200]
    assert answer["Cache-Control"] == "private, max-age=3600"


def test_a_blob_that_is_lost_is_a_page_that_is_not_there(task: Task) -> None:
    task.training_data_sha256 = "9" * 64
    task.save()

    assert Client().get(reverse("training_data", args=[task.slug])).status_code == 404
