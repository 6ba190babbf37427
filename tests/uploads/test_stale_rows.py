"""Between the look at an upload's row and the look at its file it may become a dataset: that is told then."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from fixpoint.uploads.models import Upload
from fixpoint.uploads.refusals import UploadRefusedError
from fixpoint.uploads.steps import upload_discarded, upload_told
from tests.support.platform import accepted_dataset, open_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def stale(settings, tmp_path):
    """A copy of a row that knows nothing of the dataset that its upload has become."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    task = open_task()
    owner = get_user_model().objects.create(username="owner", email="owner@example.org")
    tomorrow = timezone.now() + timedelta(days=1)
    copy = Upload.objects.create(owner=owner, task=task, length=100, name="data", expires_at=tomorrow)
    Upload.objects.filter(pk=copy.pk).update(dataset=accepted_dataset(owner, task), ended_at=timezone.now())
    return copy


def test_it_is_told_as_whole(stale):
    answer = upload_told(stale)
    assert answer.headers["Upload-Offset"] == "100"
    assert answer.headers["Fixpoint-Dataset"] == f"/datasets/{stale.dataset_id}/"


def test_it_cannot_be_discarded_any_more(stale):
    with pytest.raises(UploadRefusedError, match="has become a dataset") as refusal:
        upload_discarded(stale)
    assert refusal.value.status == 409
