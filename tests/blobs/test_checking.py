"""The integrity check reads what is needed and tells what is not whole, whose it is and what to do."""

import pytest

from fixpoint.blobs.checking import DAMAGED, MISSING, blobs_check
from fixpoint.blobs.models import Round
from fixpoint.datasets.models import Dataset
from fixpoint.tasks.models import Material
from tests.support.blobs import file_of, stored

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def blobs(rows, owner, task) -> dict[str, str]:
    """A dataset's zip and pack and the hidden pack, all whole, and a blob that nothing names."""
    dataset = rows.accepted_dataset(owner, task, "mine")
    blobs = {name: stored(name.encode() * 1000) for name in ("zip", "pack", "hidden", "orphan")}
    Dataset.objects.filter(pk=dataset.pk).update(
        archive_sha256=blobs["zip"], pack_sha256=blobs["pack"], manifest_sha256=""
    )
    Material.objects.update(archive_sha256=blobs["zip"], pack_sha256=blobs["hidden"])
    return blobs


def test_a_whole_store_is_told_as_such(blobs):
    checked = blobs_check()
    assert (checked.needed, checked.read, checked.orphans, checked.problems) == (3, 3, 1, [])
    assert checked.bytes == 3000 + 4000 + 6000
    assert Round.objects.get(kind="check").found["problems"] == 0


def test_what_is_missing_or_damaged_is_told_with_its_holders_and_what_to_do(blobs):
    file_of(blobs["zip"]).unlink()
    file_of(blobs["pack"]).write_bytes(b"PACK" * 1000)
    problems = {each.sha256: each for each in blobs_check().problems}
    assert set(problems) == {blobs["zip"], blobs["pack"]}
    lost, damaged = problems[blobs["zip"]], problems[blobs["pack"]]
    assert (lost.kind, damaged.kind, damaged.size) == (MISSING, DAMAGED, 4000)
    assert "“mine” of owner, task numerals" in damaged.holders[0].subject
    assert "restore it from the backup" in damaged.holders[0].remedy
    assert {each.what for each in lost.holders} == {"zip", "zip of the material"}


def test_a_cut_off_copy_is_damaged(blobs):
    file_of(blobs["hidden"]).write_bytes(b"hid")
    [problem] = blobs_check().problems
    assert (problem.kind, problem.size, "3 bytes are there" in problem.why) == (DAMAGED, 3, True)


@pytest.mark.parametrize("sample", [1, 2, 3, 50])
def test_a_sample_reads_so_many_different_ones_and_no_more(blobs, sample):
    seen = []
    checked = blobs_check(sample=sample, tell=lambda so_far: seen.append(so_far.read))
    assert (checked.needed, checked.read, checked.orphans) == (3, min(sample, 3), 1)
    assert seen == list(range(1, min(sample, 3) + 1))


def test_a_zip_that_was_never_kept_is_not_missed(rows, owner, task):
    dataset = rows.accepted_dataset(owner, task)
    Material.objects.all().delete()
    Dataset.objects.filter(pk=dataset.pk).update(
        archive_sha256="a" * 64, archive_freed_at=dataset.created_at, pack_sha256="", manifest_sha256=""
    )
    assert blobs_check().problems == []
