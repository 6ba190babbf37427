"""What is due by the rules of retention, in a dry run and in earnest; the blobs follow with the sweep."""

import io
import json
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.utils import timezone

from fixpoint import env
from fixpoint.accounts.models import Notice
from fixpoint.blobs.models import Doomed, Round
from fixpoint.blobs.store import is_blob
from fixpoint.blobs.sweeping import blobs_sweep
from fixpoint.datasets.models import Dataset
from fixpoint.organizing.housekeeping import house_keep
from fixpoint.organizing.retention import retention_apply
from fixpoint.submissions.deletion import dataset_restore
from fixpoint.submissions.models import Run, Submission
from tests.pages.rows import Score, entry_of, scored
from tests.support.blobs import aged, later, stored
from tests.support.platform import accepted_dataset

LONG_AGO = timedelta(days=100)


def told(*arguments: str) -> str:
    out = io.StringIO()
    call_command("retention", *arguments, stdout=out)
    return out.getvalue()


def due(apply: bool = False) -> dict[str, int]:
    return {each.what: each.count for each in retention_apply(apply=apply) if each.count}


@pytest.fixture
def deleted(owner, task) -> Dataset:
    dataset = accepted_dataset(owner, task, "deleted")
    Dataset.objects.filter(pk=dataset.pk).update(
        deleted_at=timezone.now() - timedelta(days=31), archive_sha256=stored(b"its zip"), archive_bytes=7
    )
    return dataset


@pytest.fixture
def run(owner, task) -> Run:
    """Of an entry that is long over, beside a better one of the same person."""
    better, worse = (scored(entry_of(accepted_dataset(owner, task)), Score(each)) for each in (0.9, 0.5))
    Submission.objects.update(ended_at=timezone.now() - LONG_AGO)
    Run.objects.filter(submission=better).update(weights_sha256=stored(b"the better weights"))
    Run.objects.filter(submission=worse).update(weights_sha256=stored(b"the worse weights"))
    return Run.objects.get(submission=worse)


def test_a_dry_run_tells_and_changes_nothing(deleted):
    text = told()
    assert [line.split()[:4] for line in text.splitlines()[1:2]] == [["deleted", "datasets", "1", "7"]]
    assert "Nothing changed. --apply gives these up." in text
    assert "datasets never entered: kept for ever." in text
    assert Dataset.objects.get(pk=deleted.pk).purged_at is None
    assert not Round.objects.exists()
    assert json.loads(told("--json"))["due"][0] | {"oldest": ""} == {
        "what": "deleted datasets",
        "why": "deleted more than 30 days ago and not restored",
        "count": 1,
        "bytes": 7,
        "oldest": "",
    }


def test_a_day_on_which_nothing_is_due_is_told_as_such(db):
    for arguments in ((), ("--apply",)):
        assert told(*arguments).splitlines() == ["datasets never entered: kept for ever.", "Nothing is due."]


def test_a_store_that_is_away_is_told_and_nothing_is_given_up(settings, deleted):
    away = {"bucket_name": "blobs", "endpoint_url": "http://127.0.0.1:9", "access_key": "x", "secret_key": "x"}
    settings.STORAGES = settings.STORAGES | {"blobs": {"BACKEND": "fixpoint.blobs.s3.S3Blobs", "OPTIONS": away}}
    with pytest.raises(CommandError, match="The store is away"):
        told("--apply")
    assert Dataset.objects.filter(purged_at=None).exists()


def test_deleted_datasets_go_and_their_blobs_follow_after_the_grace(deleted):
    zipped = Dataset.objects.get().archive_sha256
    assert "Given up." in told("--apply")
    assert not Dataset.objects.exists()
    assert is_blob(zipped)
    aged(zipped, timedelta(days=3))
    blobs_sweep(apply=True)
    blobs_sweep(apply=True, now=later(3))
    assert not is_blob(zipped)


def test_a_zip_that_was_not_read_goes_and_its_reasons_stay(owner, task):
    dataset = accepted_dataset(owner, task)
    Dataset.objects.update(status="refused", ended_at=timezone.now() - timedelta(days=29))
    assert due() == {}
    Dataset.objects.update(ended_at=timezone.now() - timedelta(days=31))
    assert due(apply=True) == {"zips that were not read": 1}
    dataset.refresh_from_db()
    assert dataset.archive_freed_at
    assert dataset.deleted_at is None
    assert due() == {}


def test_datasets_that_are_never_entered_stay_unless_it_is_asked_for_and_then_come_back(settings, owner, task):
    dataset = accepted_dataset(owner, task, "idle")
    Dataset.objects.update(ended_at=timezone.now() - LONG_AGO)
    assert due() == {}
    settings.KEEP_IDLE_DAYS = 90
    assert due(apply=True) == {"datasets never entered": 1}
    dataset.refresh_from_db()
    assert dataset.deleted_at
    assert dataset.purged_at is None
    notice = Notice.objects.get(user=owner)
    assert ("idle" in notice.subject, notice.path) == (True, f"/datasets/{dataset.pk}/delete/")


def test_what_was_restored_is_idle_from_then_on(settings, owner, task):
    settings.KEEP_IDLE_DAYS = 90
    dataset = accepted_dataset(owner, task, "idle")
    Dataset.objects.update(ended_at=timezone.now() - LONG_AGO)
    assert due(apply=True) == {"datasets never entered": 1}
    dataset_restore(dataset=dataset, who="owner")
    assert due() == {}
    dataset.transitions.update(at=timezone.now() - LONG_AGO)
    assert due() == {"datasets never entered": 1}


@pytest.mark.parametrize(("days", "says"), [(30, "Restore it within 30 days"), (0, "You can restore it.")])
def test_a_notice_says_how_long_there_is_a_way_back(settings, owner, task, days, says):
    settings.KEEP_IDLE_DAYS, settings.KEEP_DELETED_DAYS = 90, days
    accepted_dataset(owner, task, "idle")
    Dataset.objects.update(ended_at=timezone.now() - LONG_AGO)
    retention_apply(apply=True)
    assert says in Notice.objects.get(user=owner).text


def test_what_we_failed_to_read_is_charged_to_nobody_and_goes_after_a_week(settings, owner, task):
    dataset = accepted_dataset(owner, task)
    Dataset.objects.update(status="error", ended_at=timezone.now() - timedelta(days=8))
    settings.KEEP_UNREAD_DAYS = 0
    assert due() == {}
    settings.KEEP_UNREAD_DAYS = 30
    assert due(apply=True) == {"zips that we failed to read": 1}
    dataset.refresh_from_db()
    assert dataset.archive_freed_at


def test_weights_go_unless_their_entry_stands_on_a_board(run, owner):
    assert due(apply=True) == {"trained weights": 1}
    assert list(Run.objects.filter(weights_freed_at=None).values_list("submission__accuracy", flat=True)) == [0.9]
    assert due() == {}


def test_weights_of_an_entry_on_the_front_of_accuracy_and_grams_stay(run):
    result = run.submission.result
    result.standardised_kwh = 0.0001
    result.save()
    assert due() == {}


def test_weights_of_an_attempt_that_was_repeated_go_though_the_entry_leads(run):
    best = Submission.objects.order_by("-accuracy").first()
    Run.objects.create(
        submission=best, attempt=7, weights_sha256="e" * 64, history_sha256="", outcome={}, provenance={}
    )
    assert due() == {"trained weights": 2}


def test_weights_of_a_run_that_is_not_over_stay(run):
    Submission.objects.filter(pk=run.submission_id).update(status="predicting", accuracy=None, ended_at=None)
    assert due() == {}


def test_a_score_outlives_its_weights_and_the_page_says_since_when(run, client, owner):
    retention_apply(apply=True)
    page = client.get(f"/entries/{run.submission_id}/").content.decode()
    run.refresh_from_db()
    assert f"not kept since {run.weights_freed_at:%Y-%m-%d}" in page
    assert run.weights_sha256[:12] in page
    assert "0.5000" in page


def test_what_can_be_restored_is_kept_for_thirty_days_at_least(monkeypatch):
    monkeypatch.setenv("FIXPOINT_KEEP_DELETED_DAYS", "29")
    with pytest.raises(ImproperlyConfigured, match="write 30 or more days, or 0 to keep for ever"):
        env.days("FIXPOINT_KEEP_DELETED_DAYS", 30, least=30)
    monkeypatch.setenv("FIXPOINT_KEEP_DELETED_DAYS", "0")
    assert env.days("FIXPOINT_KEEP_DELETED_DAYS", 30, least=30) == 0


def test_the_house_is_kept_once_a_day(deleted):
    assert house_keep()
    assert not Dataset.objects.exists()
    assert not house_keep()
    Round.objects.update(ended_at=timezone.now() - timedelta(hours=25))
    assert house_keep()


def test_a_sweep_by_hand_is_not_the_daily_round(deleted):
    blobs_sweep(apply=True)
    assert house_keep()
    assert not Dataset.objects.exists()


def test_the_house_can_be_left_to_the_commands(settings, deleted):
    settings.KEEPS_HOUSE = False
    assert not house_keep()
    assert Dataset.objects.exists()


def test_nothing_is_freed_while_an_address_may_still_be_good(settings, deleted):
    settings.BLOB_GRACE_SECONDS = settings.ADDRESS_SECONDS
    assert not house_keep()
    assert Dataset.objects.exists()


def test_a_store_that_is_rather_somebody_elses_is_not_emptied(organizer, db):
    orphan = stored(b"of another installation", age=timedelta(days=5))
    Doomed.objects.bulk_create(Doomed(sha256=f"{n:064x}" if n else orphan, size=1, since=later(-3)) for n in range(100))
    assert not house_keep()
    assert is_blob(orphan)
    assert "No blob was freed" in Notice.objects.get(user=organizer).subject
    Round.objects.update(ended_at=timezone.now() - timedelta(hours=25))
    Doomed.objects.exclude(sha256=orphan).delete()
    assert house_keep()
    assert not is_blob(orphan)
