"""Blobs that nothing names are marked, then freed; what is named, new, or wanted again stays."""

import logging
from pathlib import Path

import pytest

from fixpoint.blobs.models import Doomed, Round
from fixpoint.blobs.store import blob_open, is_blob
from fixpoint.blobs.sweeping import blob_free, blobs_sweep
from fixpoint.datasets.models import Dataset
from tests.support.blobs import DAY, aged, digest, file_of, later, stored

pytestmark = pytest.mark.usefixtures("db")
BYTES = b"bytes that nothing names"


@pytest.fixture
def orphan() -> str:
    return stored(BYTES, age=3 * DAY)


@pytest.fixture
def doomed(orphan: str) -> str:
    """Marked, and the grace is over."""
    blobs_sweep(apply=True)
    Doomed.objects.update(since=later(-3))
    return orphan


def test_the_first_round_marks_and_a_later_one_frees(orphan, caplog):
    first = blobs_sweep(apply=True)
    assert (first.marked.blobs, first.marked.bytes, first.freed.blobs) == (1, len(BYTES), 0)
    assert is_blob(orphan)
    again = blobs_sweep(apply=True, now=later(1))
    assert (again.waiting.blobs, again.freed.blobs) == (1, 0)
    with caplog.at_level(logging.INFO):
        last = blobs_sweep(apply=True, now=later(2.1))
    assert (last.freed.blobs, last.freed.bytes) == (1, len(BYTES))
    assert not is_blob(orphan)
    assert not Doomed.objects.exists()
    assert f"Blobs freed: 1 of {len(BYTES)} bytes." in caplog.text
    assert Round.objects.first().found == {"referenced": 0, "freed": 1, "freed_bytes": len(BYTES)}


def test_without_apply_nothing_changes_and_the_same_is_told(doomed):
    stored(b"another one", age=3 * DAY)
    looked = blobs_sweep(apply=False)
    assert (looked.freed.blobs, looked.marked.blobs) == (1, 1)
    assert is_blob(doomed)
    assert Doomed.objects.count() == 1
    assert Round.objects.count() == 1, "of the round that marked"


def test_what_is_new_is_left_alone():
    stored(BYTES, age=DAY)
    swept = blobs_sweep(apply=True)
    assert (swept.young.blobs, swept.marked.blobs) == (1, 0)


def test_what_is_named_again_loses_its_mark(doomed, rows, owner, task):
    dataset = rows.accepted_dataset(owner, task)
    Dataset.objects.filter(pk=dataset.pk).update(archive_sha256=doomed)
    swept = blobs_sweep(apply=True)
    assert (swept.referenced, swept.freed.blobs) == (1, 0)
    assert is_blob(doomed)
    assert not Doomed.objects.exists()


def test_what_is_named_between_the_look_and_the_deletion_stays(doomed, rows, owner, task):
    dataset = rows.accepted_dataset(owner, task)
    Dataset.objects.filter(pk=dataset.pk).update(pack_sha256=doomed)
    assert not blob_free(sha256=doomed, now=later(0))
    assert is_blob(doomed)


def test_the_same_bytes_again_take_the_mark_off_and_nothing_is_stored_anew(doomed):
    before = file_of(doomed).stat().st_ino
    assert stored(BYTES) == doomed
    assert not Doomed.objects.exists()
    assert file_of(doomed).stat().st_ino == before
    assert blobs_sweep(apply=True).freed.blobs == 0


def test_a_cut_off_copy_that_is_made_whole_while_it_is_marked_stays(doomed):
    file_of(doomed).write_bytes(BYTES[:5])
    aged(doomed, 3 * DAY)
    stored(BYTES)
    Doomed.objects.update_or_create(sha256=doomed, defaults={"size": 5, "since": later(-3)})
    assert not blob_free(sha256=doomed, now=later(0)), "it is new, whatever its mark says"
    with blob_open(doomed) as file:
        assert file.read() == BYTES


def test_the_mark_of_what_is_gone_already_goes(doomed):
    file_of(doomed).unlink()
    assert not blob_free(sha256=doomed, now=later(0))
    assert not Doomed.objects.exists()


def test_bytes_that_lay_long_before_they_were_stored_are_new(tmp_path):
    sha256 = digest(BYTES)
    stored(BYTES, age=3 * DAY)
    file_of(sha256).unlink()
    stored(BYTES)
    assert blobs_sweep(apply=True).young.blobs == 1


def test_new_bytes_and_bytes_stored_just_now_cost_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        stored(b"new")
        stored(b"new")


def test_a_leftover_that_goes_while_it_is_looked_at_does_not_end_the_sweep(monkeypatch, tmp_path):
    going, staying = tmp_path / "incoming" / "taking-ab12cd34", tmp_path / "incoming" / "tmpzz12cd34.upload.zip"
    going.mkdir()
    (going / "archive.zip").write_bytes(b"half of a zip")
    staying.write_bytes(b"another")
    listed = Path.rglob

    def listed_and_gone(path: Path, pattern: str):
        found = list(listed(path, pattern))
        for each in found:
            each.unlink()
        return found

    monkeypatch.setattr(Path, "rglob", listed_and_gone)
    swept = blobs_sweep(apply=False, now=later(3))
    assert [each.name for each in swept.leftovers] == [staying.name]


def test_leftovers_of_killed_processes_go_and_what_is_not_ours_stays(settings, tmp_path):
    store, arriving = tmp_path / "blobs", tmp_path / "incoming"
    for name in ("probe-0123456789abcdef", "README"):
        (store / name).write_bytes(b"x")
    (arriving / "taking-ab12cd34").mkdir()
    (arriving / "tmpab12cd34").mkdir()  # another program's
    (arriving / "taking-ab12cd34" / "archive.zip").write_bytes(b"half of a zip")
    (arriving / "tmpzz12cd34.upload.zip").write_bytes(b"another")
    (arriving / "uploads").mkdir(exist_ok=True)
    assert blobs_sweep(apply=True).leftovers == [], "they may still be written"

    swept = blobs_sweep(apply=True, now=later(3))
    assert sorted((each.name, each.bytes) for each in swept.leftovers) == [
        ("probe-0123456789abcdef", 1),
        ("taking-ab12cd34", 13),
        ("tmpzz12cd34.upload.zip", 7),
    ]
    assert swept.strangers == ["README"]
    assert sorted(path.name for path in store.iterdir()) == ["README"]
    assert sorted(path.name for path in arriving.iterdir()) == ["tmpab12cd34", "uploads"]
