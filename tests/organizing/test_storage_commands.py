"""`manage.py blobs` and `manage.py datasets`: what they tell, and with which status they end."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from fixpoint.blobs.models import Doomed
from fixpoint.datasets.models import Dataset
from tests.support.blobs import aged, stored
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
    assert "Restored." in told("datasets", "--restore", str(dataset.pk))
    assert "mine" not in told("datasets")


def test_a_store_that_is_away_is_told_as_such_and_not_as_lost_blobs(settings, owner, task):
    accepted_dataset(owner, task, "mine")
    away = {"bucket_name": "blobs", "endpoint_url": "http://127.0.0.1:9", "access_key": "x", "secret_key": "x"}
    settings.STORAGES = settings.STORAGES | {"blobs": {"BACKEND": "fixpoint.blobs.s3.S3Blobs", "OPTIONS": away}}
    for arguments in (("check",), ("sweep", "--apply")):
        with pytest.raises(CommandError, match="The store is away"):
            told("blobs", *arguments)
