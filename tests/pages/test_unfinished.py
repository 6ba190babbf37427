"""The page of one's unfinished uploads."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fixpoint.accounts.models import User
from fixpoint.tasks.models import Task
from fixpoint.uploads.models import Upload
from fixpoint.uploads.part import Part, part_path

pytestmark = pytest.mark.django_db


@pytest.fixture
def half(owner: User, task: Task) -> Upload:
    """Half of it has arrived."""
    upload = Upload.objects.create(
        owner=owner, task=task, length=2000, name="mine", filename="<b>.zip", expires_at=timezone.now() + timedelta(1)
    )
    with Part(upload.pk) as part:
        part.append(bytes(1000))
    return upload


def test_it_tells_what_has_arrived_and_where_to_go_on(signed_in: Client, half: Upload) -> None:
    page = signed_in.get(reverse("uploads")).content.decode()

    assert "50 %" in page
    assert "&lt;b&gt;.zip" in page
    assert f"{reverse('upload')}?task={half.task.slug}" in page


def test_what_has_expired_or_ended_is_not_on_it(signed_in: Client, half: Upload) -> None:
    Upload.objects.update(expires_at=timezone.now())

    assert "Nothing is unfinished." in signed_in.get(reverse("uploads")).content.decode()


def test_discarding_deletes_what_has_arrived(signed_in: Client, half: Upload) -> None:
    signed_in.post(reverse("upload_discard", args=[half.pk]))

    assert not part_path(half.pk).exists()
    assert "Nothing is unfinished." in signed_in.get(reverse("uploads")).content.decode()


def test_what_is_being_sent_is_not_discarded_and_says_so(signed_in: Client, half: Upload) -> None:
    with Part(half.pk):
        page = signed_in.post(reverse("upload_discard", args=[half.pk]), follow=True).content.decode()

    assert "It is being sent just now." in page
    assert part_path(half.pk).stat().st_size == 1000
