"""`manage.py blobs` and `manage.py datasets`: what they tell, and with which status they end."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from fixpoint.blobs.models import Doomed
from fixpoint.blobs.store import is_blob
from fixpoint.datasets.models import Dataset
from tests.support.blobs import aged, file_of, stored
from tests.support.platform import accepted_dataset


def told(command: str, *arguments: str) -> str:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def test_the_command_sweeps_only_when_it_is_told_to(db):
    aged(stored(b"nobody's"), timedelta(days=3))
    assert "Nothing changed" in told("blobs", "sweep")
    assert not Doomed.objects.exists()
    assert "marked: freed a grace from now" in told("blobs", "sweep", "--apply")
    assert Doomed.objects.count() == 1
    assert json.loads(told("blobs", "sweep", "--json"))["waiting"] == {"blobs": 1, "bytes": 8}


def test_a_short_grace_frees_nothing_unless_nobody_is_said_to_be_at_work(settings, db):
    settings.BLOB_GRACE_SECONDS = 0
    orphan = stored(b"nobody's", age=timedelta(hours=1))
    with pytest.raises(CommandError, match="platform-chores, beat and the workers, then say --nobody-at-work"):
        told("blobs", "sweep", "--apply")
    assert not Doomed.objects.exists()
    assert "1 " in told("blobs", "sweep").splitlines()[2]
    for _ in range(2):
        told("blobs", "sweep", "--apply", "--nobody-at-work")
    assert not is_blob(orphan)


def test_a_damaged_blob_is_told_with_the_file_to_remove(owner, task):
    accepted_dataset(owner, task, "mine")
    damaged = stored(b"its zip")
    Dataset.objects.update(archive_sha256=damaged)
    file_of(damaged).write_bytes(b"its ZIP")
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("blobs", "check", stdout=out)
    assert f"remove it first: {file_of(damaged)}\n" in out.getvalue()


def test_the_check_ends_with_status_1_where_a_blob_is_not_whole(owner, task):
    accepted_dataset(owner, task, "mine")
    with pytest.raises(SystemExit) as ended:
        told("blobs", "check")
    assert ended.value.code == 1
    Dataset.objects.all().delete()
    task.materials.all().delete()
    assert "0 of 0 blobs read" in told("blobs", "check")
    assert json.loads(told("blobs", "check", "--json", "--sample", "5"))["ok"] is True


def test_a_dataset_is_deleted_and_restored_by_command(owner, task):
    dataset = accepted_dataset(owner, task, "mine")
    assert "it can be restored until" in told("datasets", "--delete", str(dataset.pk))
    assert "mine" in told("datasets")
    assert told("datasets", "--delete", str(dataset.pk)) == "It was deleted already.\n"
    assert told("datasets", "--restore", str(dataset.pk)) == "“mine” of owner is restored.\n"
    assert told("datasets") == "No dataset is deleted.\n"


def test_a_store_that_is_away_is_told_as_such_and_not_as_lost_blobs(settings, owner, task):
    accepted_dataset(owner, task, "mine")
    away = {"bucket_name": "blobs", "endpoint_url": "http://127.0.0.1:9", "access_key": "x", "secret_key": "x"}
    settings.STORAGES = settings.STORAGES | {"blobs": {"BACKEND": "fixpoint.blobs.s3.S3Blobs", "OPTIONS": away}}
    for arguments in (("check",), ("sweep", "--apply")):
        with pytest.raises(CommandError, match="The store is away"):
            told("blobs", *arguments)
