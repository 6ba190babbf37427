"""Storage when two things happen in the same moment: tests/test_on_postgres.py runs this on PostgreSQL."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from fixpoint.blobs import sweeping
from fixpoint.blobs.models import Doomed
from fixpoint.blobs.store import blob_delete, is_blob
from fixpoint.blobs.sweeping import blob_free, blobs_sweep
from fixpoint.datasets.models import Dataset
from fixpoint.datasets.services import dataset_take
from fixpoint.datasets.storage import StorageFullError, room_of
from fixpoint.submissions.deletion import (
    DatasetNeededError,
    NotRestorableError,
    dataset_delete,
    dataset_purge,
    dataset_restore,
)
from fixpoint.submissions.models import Submission
from fixpoint.submissions.services import EntryRefusedError, submission_enter
from tests.support import platform as rows
from tests.support.blobs import aged, stored
from tests.support.bundles import entry_files, picture
from tests.support.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = range(5)
BYTES = b"bytes that come again"
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
OLD = timedelta(days=3)


@pytest.fixture(autouse=True)
def _no_broker(transactional_db, monkeypatch):
    assert connection.vendor == "postgresql"
    monkeypatch.setattr("fixpoint.celery.app.send_task", lambda *_, **__: None)


@pytest.fixture
def owner():
    return rows.person("owner")


@pytest.fixture
def task():
    return rows.open_task(entries_per_day=100, entries_total=100)


@pytest.fixture
def doomed() -> str:
    """Marked, and due."""
    sha256 = stored(BYTES, age=OLD)
    Doomed.objects.create(sha256=sha256, size=len(BYTES), since=timezone.now() - OLD)
    return sha256


def take_and_name(owner, task) -> str:
    """As a report that is taken in: the bytes, and in the same transaction the row that names them."""
    with transaction.atomic():
        sha256 = stored(BYTES)
        dataset = rows.accepted_dataset(owner, task)
        Dataset.objects.filter(pk=dataset.pk).update(pack_sha256=sha256)
    return sha256


def until_somebody_waits_for_a_lock() -> None:
    deadline = time.monotonic() + 30
    with connection.cursor() as cursor:
        while True:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
            assert time.monotonic() < deadline, "nobody waits"
            time.sleep(0.01)


def run(call):
    try:
        return call()
    finally:
        connections.close_all()


def test_whoever_comes_with_the_bytes_waits_for_their_deletion_and_stores_them_anew(doomed, owner, task, monkeypatch):
    begun, may_go_on = threading.Event(), threading.Event()

    def slowly(sha256: str) -> None:
        begun.set()
        assert may_go_on.wait(30)
        blob_delete(sha256)

    monkeypatch.setattr(sweeping, "blob_delete", slowly)
    with ThreadPoolExecutor(2) as pool:
        sweep = pool.submit(run, lambda: blob_free(sha256=doomed, now=timezone.now()))
        assert begun.wait(30)
        taken = pool.submit(run, lambda: take_and_name(owner, task))
        until_somebody_waits_for_a_lock()
        assert not taken.done()
        may_go_on.set()
        assert sweep.result(30)
        assert taken.result(30) == doomed
    assert is_blob(doomed)


def test_the_sweep_passes_by_what_somebody_is_about_to_name(doomed, owner, task):
    with transaction.atomic():
        take_and_name(owner, task)
        with ThreadPoolExecutor(1) as pool:
            assert not pool.submit(run, lambda: blob_free(sha256=doomed, now=timezone.now())).result(30)
    assert is_blob(doomed)


@pytest.mark.parametrize("_", range(8))
def test_whatever_the_order_what_is_named_is_there(owner, task, _):
    names = []
    for number in range(4):
        data = f"{number}".encode() * 1000
        sha256 = stored(data, age=OLD)
        Doomed.objects.create(sha256=sha256, size=len(data), since=timezone.now() - OLD)
        names.append((data, sha256))

    def take() -> None:
        for data, sha256 in names:
            with transaction.atomic():
                assert stored(data) == sha256
                dataset = rows.accepted_dataset(owner, task)
                Dataset.objects.filter(pk=dataset.pk).update(pack_sha256=sha256)

    at_once(take, lambda: blobs_sweep(apply=True), lambda: blobs_sweep(apply=True))
    assert all(is_blob(sha256) for _, sha256 in names)
    for _data, sha256 in names:
        aged(sha256, OLD)
    assert blobs_sweep(apply=True, now=timezone.now() + OLD).freed.blobs == 0


def test_two_sweeps_at_once_free_once(doomed):
    freed = at_once(*[lambda: blob_free(sha256=doomed, now=timezone.now())] * 3)
    assert sorted(freed) == [False, False, True]


@pytest.mark.parametrize("_", ROUNDS)
def test_of_two_uploads_at_once_one_gets_the_last_room(owner, task, settings, tmp_path, _):
    more = f"train/{rows.CLASSES[0]}/more.png"
    zips = [rows.zip_of(entry_files() | {more: picture(7) + bytes([number])}) for number in range(3)]
    settings.STORAGE_BYTES_PER_PERSON = max(map(len, zips))

    def take(number: int) -> str:
        path = tmp_path / f"{number}.zip"
        path.write_bytes(zips[number])
        try:
            dataset = dataset_take(owner=owner, task=task, name="mine", path=path)
        except StorageFullError:
            return "full"
        return dataset.status

    assert Counter(at_once(*[lambda number=number: take(number) for number in range(3)])) == {"ingesting": 1, "full": 2}
    assert room_of(owner).used <= settings.STORAGE_BYTES_PER_PERSON


@pytest.mark.parametrize("_", ROUNDS)
def test_a_deletion_and_an_entry_at_once_end_as_one_of_them(owner, task, _):
    dataset = rows.accepted_dataset(owner, task)

    def delete() -> str:
        try:
            dataset_delete(dataset=Dataset.objects.get(pk=dataset.pk), who="owner")
        except DatasetNeededError:
            return "needed"
        return "deleted"

    def enter() -> str:
        try:
            submission_enter(owner=owner, dataset=Dataset.objects.get(pk=dataset.pk))
        except EntryRefusedError:
            return "refused"
        return "entered"

    assert at_once(delete, enter) in (["deleted", "refused"], ["needed", "entered"])
    dataset.refresh_from_db()
    assert (dataset.deleted_at is None) == Submission.objects.exists()


@pytest.mark.parametrize("_", ROUNDS)
def test_a_restoration_and_the_end_at_once_leave_it_whole_or_gone(owner, task, _):
    dataset = rows.accepted_dataset(owner, task)
    long_ago = timezone.now() - timedelta(days=31)
    Dataset.objects.update(deleted_at=long_ago)

    def restore() -> bool:
        try:
            dataset_restore(dataset=Dataset(pk=dataset.pk, owner=owner, task=task), who="owner")
        except NotRestorableError:
            return False
        return True

    def purge() -> bool:
        return dataset_purge(dataset_id=dataset.pk, deleted_before=long_ago + timedelta(hours=1))

    assert sorted(at_once(restore, purge)) == [False, True]
    assert not Dataset.objects.filter(deleted_at__isnull=False).exists()
