"""A dataset can be deleted while nothing rests on it, comes back for thirty days, and then goes without a trace."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fixpoint.datasets.models import Dataset, HiddenOverlap
from fixpoint.datasets.selectors import comparable, dataset_for, datasets_deleted, datasets_unexamined, twins
from fixpoint.datasets.storage import StorageFullError, room_of
from fixpoint.dispatch.models import Attempt
from fixpoint.submissions.deletion import (
    DatasetNeededError,
    NotRestorableError,
    dataset_delete,
    dataset_purge,
    dataset_restore,
)
from fixpoint.submissions.models import Submission
from fixpoint.submissions.services import EntryRefusedError, submission_cancel, submission_enter
from tests.pages.rows import entry_of, scored


@pytest.fixture
def dataset(rows, owner, task) -> Dataset:
    return rows.accepted_dataset(owner, task)


def delete(dataset: Dataset, *, days_ago: float = 0) -> None:
    assert dataset_delete(dataset=dataset, who="owner")
    if days_ago:
        Dataset.objects.filter(pk=dataset.pk).update(deleted_at=timezone.now() - timedelta(days=days_ago))
        dataset.refresh_from_db()


def purge(dataset: Dataset) -> bool:
    return dataset_purge(dataset_id=dataset.pk, deleted_before=timezone.now() - timedelta(days=30))


def test_a_deleted_dataset_is_in_no_list_but_that_of_the_deleted(rows, dataset, owner, organizer, task):
    other = rows.accepted_dataset(owner, task, "other")
    Dataset.objects.update(thumbnails_sha256="a" * 64, looks_sha256="b" * 64)
    for found in (comparable(other), twins(other), datasets_unexamined()):
        assert dataset in found
    delete(dataset)
    for found in (comparable(other), twins(other), datasets_unexamined()):
        assert dataset not in found
    assert list(datasets_deleted(owner)) == [dataset]
    for person in (owner, organizer):
        with pytest.raises(Dataset.DoesNotExist):
            dataset_for(person, dataset.pk)


def test_it_comes_back_as_it_was_and_both_stand_in_its_history(dataset, owner):
    before = Dataset.objects.values().get()
    delete(dataset)
    dataset_restore(dataset=dataset, who="owner")
    assert Dataset.objects.values().get() == before
    assert list(dataset.transitions.values_list("why", "who")) == [
        ("deleted on request", "owner"),
        ("restored", "owner"),
    ]
    with pytest.raises(NotRestorableError):
        dataset_restore(dataset=dataset, who="owner")


def test_deleting_twice_changes_nothing(dataset):
    delete(dataset)
    assert not dataset_delete(dataset=dataset, who="owner")
    assert dataset.transitions.count() == 1


def test_what_is_being_read_stays_until_that_is_cancelled(dataset):
    Dataset.objects.update(status="ingesting")
    with pytest.raises(DatasetNeededError, match=r"being read\. Cancel that first"):
        delete(dataset)


def test_what_waits_or_trains_stays_until_its_entry_is_cancelled(dataset, owner):
    entry = submission_enter(owner=owner, dataset=dataset)
    with pytest.raises(DatasetNeededError, match="Cancel that entry first"):
        delete(dataset)
    submission_cancel(submission=entry, who=owner)
    delete(dataset)


def test_what_has_a_score_stays_and_is_told_whom_to_write_to(dataset):
    scored(entry_of(dataset))
    with pytest.raises(DatasetNeededError, match=r"the board rests on it.* It stays\.$"):
        delete(dataset)


def test_a_deleted_dataset_cannot_be_entered_even_by_a_page_that_was_open(dataset, owner):
    opened = Dataset.objects.get(pk=dataset.pk)
    delete(dataset)
    with pytest.raises(EntryRefusedError, match="was deleted"):
        submission_enter(owner=owner, dataset=opened)


def test_deleting_makes_room_and_restoring_needs_it(settings, rows, dataset, owner, task):
    settings.STORAGE_BYTES_PER_PERSON = 1500
    delete(dataset)
    assert room_of(owner).used == 0
    other = rows.accepted_dataset(owner, task, "instead")
    Dataset.objects.filter(pk=other.pk).update(archive_sha256="e" * 64)
    with pytest.raises(StorageFullError):
        dataset_restore(dataset=dataset, who="owner")
    assert Dataset.objects.get(pk=dataset.pk).deleted_at, "nothing changed"


def test_within_thirty_days_nothing_is_given_up(dataset):
    delete(dataset, days_ago=29.9)
    assert not purge(dataset)
    dataset_restore(dataset=dataset, who="owner")


def test_what_was_restored_is_not_given_up(dataset):
    delete(dataset, days_ago=31)
    Dataset.objects.update(deleted_at=None)
    assert not purge(dataset)


def test_without_entries_it_goes_with_all_its_rows(dataset, owner, task):
    Attempt.objects.create(handler="dataset", kind="ingest", subject_id=dataset.pk, number=1, queue="ingest")
    delete(dataset, days_ago=31)
    assert purge(dataset)
    assert not Dataset.objects.exists()
    assert not Attempt.objects.exists()


def test_with_entries_it_stays_as_figures_without_any_image(dataset, owner):
    entry = submission_enter(owner=owner, dataset=dataset)
    submission_cancel(submission=entry, who=owner)
    HiddenOverlap.objects.create(dataset=dataset, exact=[[0, 0]], near=[])
    delete(dataset, days_ago=31)
    assert purge(dataset)
    assert not purge(dataset)
    assert not HiddenOverlap.objects.exists()
    left = Dataset.objects.get()
    assert (left.pack_sha256, left.manifest_sha256, left.counts, left.images) == ("", "", dataset.counts, 8)
    assert left.archive_freed_at
    assert left.purged_at
    assert Submission.objects.get().dataset == left
    with pytest.raises(NotRestorableError):
        dataset_restore(dataset=left, who="owner")
