"""A person's share of the store: what counts, when it is full, and what is told then."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from fixpoint.blobs.listing import blob_names
from fixpoint.datasets.models import Dataset
from fixpoint.datasets.services import dataset_take, dataset_upload
from fixpoint.datasets.storage import StorageFullError, expect_storage, room_of, rooms_of
from fixpoint.uploads.announced import Announced
from fixpoint.uploads.models import Upload
from fixpoint.uploads.part import Part
from fixpoint.uploads.refusals import UploadRefusedError
from fixpoint.uploads.services import upload_begin, upload_finish
from tests.support.bundles import entry_files
from tests.support.platform import open_task, zip_of

MIB = 2**20


@pytest.fixture(autouse=True)
def _limit(settings):
    settings.STORAGE_BYTES_PER_PERSON = 10 * MIB


@pytest.fixture
def keep(rows, owner, task):
    """A dataset of so many MiB, each a zip of its own unless it is named."""

    def make(mebibytes: float, *, sha256: str = "", **values: object) -> Dataset:
        dataset = rows.accepted_dataset(values.pop("owner", owner), values.pop("task", task))
        name = sha256 or f"{Dataset.objects.count():064x}"
        changes = {"archive_sha256": name, "archive_bytes": int(mebibytes * MIB), **values}
        Dataset.objects.filter(pk=dataset.pk).update(**changes)
        return Dataset.objects.get(pk=dataset.pk)

    return make


def used(owner) -> float:
    return room_of(owner).used / MIB


def test_each_zip_counts_once_however_often_it_was_handed_in(keep, owner):
    keep(2, sha256="a" * 64)
    keep(2, sha256="a" * 64)
    keep(3)
    assert used(owner) == 5


def test_what_is_not_kept_was_deleted_or_is_our_own_fault_does_not_count(keep, owner):
    now = timezone.now()
    keep(1)
    keep(2, archive_freed_at=now)
    keep(2, deleted_at=now)
    keep(2, status="error")
    keep(2, status="refused")
    assert used(owner) == 3


def test_somebody_elses_zips_do_not_count(keep, owner, stranger):
    keep(4, owner=stranger)
    assert used(owner) == 0


def test_announced_bytes_count_until_they_are_a_dataset_or_given_up(owner, task):
    Upload.objects.create(owner=owner, task=task, length=4 * MIB, expires_at=timezone.now() + timedelta(hours=1))
    Upload.objects.create(owner=owner, task=task, length=2 * MIB, expires_at=timezone.now() - timedelta(hours=1))
    assert used(owner) == 4


def test_a_full_share_says_what_is_used_what_the_limit_is_and_what_to_do(keep, owner, task):
    keep(9)
    expect_storage(owner, task, more=MIB)
    with pytest.raises(StorageFullError) as refusal:
        expect_storage(owner, task, more=MIB + 1)
    told = str(refusal.value)
    assert told.startswith("With it your datasets")
    assert "If scores rest on all of them, ask the organizers" in told
    assert "would take 10.0 MiB of the 10.0 MiB that a person may keep here" in told
    assert "Delete datasets that you no longer need" in told
    assert "/me/" in told


def test_a_zip_that_is_kept_already_takes_no_more(keep, owner, task):
    keep(9, sha256="a" * 64)
    expect_storage(owner, task, more=9 * MIB, sha256="a" * 64)


def test_a_task_may_have_a_limit_of_its_own(keep, owner, task):
    task.max_storage_bytes = 3 * MIB
    task.save()
    keep(2)
    keep(2, task=open_task("elsewhere"))
    with pytest.raises(StorageFullError, match="that a person may keep in Numerals"):
        expect_storage(owner, task, more=2 * MIB)
    assert [room.left / MIB for room in rooms_of(owner, task)] == [6, 1]


def test_organizers_have_no_limit(keep, organizer, task):
    keep(50, owner=organizer)
    assert rooms_of(organizer, task) == []
    expect_storage(organizer, task, more=100 * MIB)


def test_no_limit_is_no_limit(settings, keep, owner, task):
    settings.STORAGE_BYTES_PER_PERSON = 0
    keep(500)
    assert room_of(owner) is None
    expect_storage(owner, task, more=500 * MIB)


def test_deleting_makes_room_but_not_again_and_again(keep, owner, task):
    deleted_at = timezone.now() - timedelta(days=3)
    keep(9, deleted_at=deleted_at)
    expect_storage(owner, task, more=10 * MIB)
    keep(9, deleted_at=timezone.now())
    expect_storage(owner, task, more=2 * MIB)
    with pytest.raises(StorageFullError) as refusal:
        expect_storage(owner, task, more=3 * MIB)
    assert "Datasets that you deleted still take 18.0 MiB" in str(refusal.value)
    assert f"{deleted_at + timedelta(days=30):%Y-%m-%d}" in str(refusal.value)


def test_where_deleted_ones_are_kept_for_ever_nobody_is_told_to_wait(settings, keep, owner, task):
    settings.KEEP_DELETED_DAYS = 0
    for _ in range(2):
        keep(9, deleted_at=timezone.now())
    assert room_of(owner).returns_at is None
    with pytest.raises(StorageFullError, match="They are kept for ever here: ask the organizers") as refusal:
        expect_storage(owner, task, more=3 * MIB)
    assert "goes on" not in str(refusal.value)


def test_a_zip_that_was_deleted_and_handed_in_again_does_not_count_twice(keep, owner):
    keep(9, sha256="a" * 64, deleted_at=timezone.now())
    keep(9, sha256="a" * 64)
    assert (used(owner), room_of(owner).deleted) == (9, 0)


def test_an_upload_that_would_not_fit_is_refused_before_its_first_byte(keep, owner, task):
    keep(8)
    with pytest.raises(UploadRefusedError, match="a person may keep here") as refusal:
        upload_begin(owner=owner, file=Announced(length=3 * MIB, task=task.slug))
    assert refusal.value.status == 413
    assert not Upload.objects.exists()
    upload_begin(owner=owner, file=Announced(length=MIB, task=task.slug))
    with pytest.raises(UploadRefusedError, match="unfinished uploads"):
        upload_begin(owner=owner, file=Announced(length=MIB + 1, task=task.slug))


def test_a_form_that_would_not_fit_leaves_no_dataset_and_no_blob(settings, owner, task):
    data = zip_of(entry_files())
    settings.STORAGE_BYTES_PER_PERSON = len(data) - 1
    with pytest.raises(StorageFullError):
        dataset_upload(owner=owner, task=task, name="mine", file=SimpleUploadedFile("mine.zip", data))
    assert not Dataset.objects.exists()
    assert not [name for digit in "0123456789abcdef" for name in blob_names(digit)]
    settings.STORAGE_BYTES_PER_PERSON = len(data)
    for name in ("mine", "the same again"):
        dataset_upload(owner=owner, task=task, name=name, file=SimpleUploadedFile("mine.zip", data))
    assert room_of(owner).left == 0


def test_what_is_refused_by_its_directory_is_told_why_whatever_room_there_is(settings, owner, task):
    settings.STORAGE_BYTES_PER_PERSON = 1
    files = entry_files() | {"../escape.png": b"hello"}
    dataset = dataset_upload(owner=owner, task=task, name="mine", file=SimpleUploadedFile("a.zip", zip_of(files)))
    assert dataset.status == "refused"
    assert dataset.archive_freed_at
    assert used(owner) == 0


def test_an_announced_upload_is_not_counted_twice_when_it_becomes_a_dataset(settings, owner, task, tmp_path: Path):
    path = tmp_path / "archive.zip"
    path.write_bytes(zip_of(entry_files()))
    size = path.stat().st_size
    settings.STORAGE_BYTES_PER_PERSON = size
    upload = upload_begin(owner=owner, file=Announced(length=size, task=task.slug))
    ended = {"ended_at": timezone.now()}
    dataset_take(
        owner=owner,
        task=task,
        name="mine",
        path=path,
        taken=lambda _: Upload.objects.filter(pk=upload.pk).update(**ended),
    )
    assert room_of(owner).used == size


def test_a_zip_that_is_kept_already_can_be_announced_and_taken_though_nothing_is_left(settings, owner, task, tmp_path):
    data = zip_of(entry_files())
    settings.STORAGE_BYTES_PER_PERSON = len(data)
    first = dataset_upload(owner=owner, task=task, name="mine", file=SimpleUploadedFile("mine.zip", data))
    file = Announced(length=len(data), task=task.slug, sha256=first.archive_sha256)
    upload = upload_begin(owner=owner, file=file)
    with Part(upload.pk) as part:
        part.path.write_bytes(data)
        again = upload_finish(upload=upload, part=part)
    assert again.archive_sha256 == first.archive_sha256


def test_an_upload_that_no_longer_fits_when_it_is_whole_waits_for_room(settings, owner, task):
    data = zip_of(entry_files())
    upload = upload_begin(owner=owner, file=Announced(length=len(data), task=task.slug))
    with Part(upload.pk) as part:
        part.path.write_bytes(data)
        settings.STORAGE_BYTES_PER_PERSON = len(data) - 1
        with pytest.raises(UploadRefusedError, match="Delete datasets") as refusal:
            upload_finish(upload=upload, part=part)
        assert refusal.value.status == 413
        settings.STORAGE_BYTES_PER_PERSON = len(data)
        assert upload_finish(upload=upload, part=part).status == "ingesting"
