"""How many datasets a person may hand in within a day: what counts, at every door, and what is told."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from fixpoint.datasets.daily import TooManyDatasetsError, expect_another_today
from fixpoint.datasets.models import Dataset
from fixpoint.datasets.services import dataset_upload
from fixpoint.organizing.entering import RefusedError, zip_take
from fixpoint.uploads.announced import Announced
from fixpoint.uploads.models import Upload
from fixpoint.uploads.part import Part
from fixpoint.uploads.refusals import UploadRefusedError
from fixpoint.uploads.services import upload_begin, upload_finish
from tests.support.bundles import entry_files, write_zip
from tests.support.platform import zip_of

NO_IMAGES = {"train/notes.txt": b"hello"}


@pytest.fixture(autouse=True)
def _limit(settings):
    settings.MAX_DATASETS_PER_DAY = 2


@pytest.fixture
def hand_in(owner, task):
    def send(files: dict[str, bytes] | None = None) -> Dataset:
        file = SimpleUploadedFile("mine.zip", zip_of(files or entry_files()))
        return dataset_upload(owner=owner, task=task, name="mine", file=file)

    return send


def test_after_the_last_one_of_a_day_it_says_the_number_and_when_the_next_is_possible(hand_in):
    first, _ = hand_in(), hand_in()
    with pytest.raises(TooManyDatasetsError) as refusal:
        hand_in()
    assert "2 datasets within 24 hours" in str(refusal.value)
    assert f"{first.created_at + timedelta(days=1):%Y-%m-%d %H:%M} UTC" in str(refusal.value)
    assert Dataset.objects.count() == 2


def test_refused_and_deleted_ones_count_and_those_of_yesterday_do_not(hand_in, owner):
    assert hand_in(NO_IMAGES).status == "refused"
    deleted = hand_in()
    Dataset.objects.filter(pk=deleted.pk).update(deleted_at=timezone.now())
    with pytest.raises(TooManyDatasetsError):
        expect_another_today(owner)
    Dataset.objects.filter(pk=deleted.pk).update(created_at=timezone.now() - timedelta(hours=25))
    expect_another_today(owner)


def test_what_we_failed_to_read_does_not_count(hand_in, owner):
    hand_in()
    Dataset.objects.filter(pk=hand_in().pk).update(status="error")
    expect_another_today(owner)


def test_nobody_elses_count_and_organizers_have_no_limit(hand_in, owner, stranger, organizer):
    hand_in(), hand_in()
    expect_another_today(stranger)
    Dataset.objects.update(owner=organizer)
    expect_another_today(organizer)


def test_no_limit_is_no_limit(settings, hand_in, owner):
    hand_in(), hand_in()
    settings.MAX_DATASETS_PER_DAY = 0
    expect_another_today(owner)


def test_a_resumable_upload_is_refused_before_its_first_byte(hand_in, owner, task):
    hand_in(), hand_in()
    with pytest.raises(UploadRefusedError, match="within 24 hours") as refusal:
        upload_begin(owner=owner, file=Announced(length=100, task=task.slug))
    assert refusal.value.status == 429
    assert not Upload.objects.exists()


def test_one_that_was_begun_before_waits_whole_until_the_day_is_over(settings, hand_in, owner, task):
    data = zip_of(entry_files())
    upload = upload_begin(owner=owner, file=Announced(length=len(data), task=task.slug))
    hand_in(), hand_in()
    with Part(upload.pk) as part:
        part.path.write_bytes(data)
        with pytest.raises(UploadRefusedError, match="within 24 hours") as refusal:
            upload_finish(upload=upload, part=part)
        assert refusal.value.status == 429
        Dataset.objects.update(created_at=timezone.now() - timedelta(hours=25))
        assert upload_finish(upload=upload, part=part).status == "ingesting"


def test_the_form_and_the_command_say_so_too(hand_in, client, owner, task, tmp_path):
    hand_in(), hand_in()
    client.force_login(owner)
    file = SimpleUploadedFile("mine.zip", zip_of(entry_files()))
    answer = client.post(f"/datasets/new/?task={task.slug}", {"name": "mine", "file": file})
    assert (answer.status_code, "within 24 hours" in answer.content.decode()) == (422, True)
    with pytest.raises(RefusedError, match="within 24 hours"):
        zip_take(owner=owner, task=task, path=write_zip(tmp_path / "mine.zip", entry_files()))
