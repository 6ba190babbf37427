"""On S3 the sweep and the check do what they do in a folder: they list, mark, free and read."""

import pytest

from fixpoint.blobs.checking import blobs_check
from fixpoint.blobs.store import is_blob
from fixpoint.blobs.sweeping import blobs_sweep
from fixpoint.datasets.models import Dataset
from fixpoint.tasks.models import Material
from tests.support.blobs import later, stored

pytestmark = [pytest.mark.s3, pytest.mark.usefixtures("db", "bucket")]


def test_what_nothing_names_is_marked_then_freed_and_the_rest_is_read(rows, owner, task):
    orphan, needed = stored(b"nobody's"), stored(b"a dataset's")
    dataset = rows.accepted_dataset(owner, task)
    Dataset.objects.filter(pk=dataset.pk).update(archive_sha256=needed, pack_sha256="", manifest_sha256="")
    Material.objects.all().delete()

    assert blobs_sweep(apply=True).young.blobs == 1
    assert blobs_sweep(apply=True, now=later(3)).marked.blobs == 1
    swept = blobs_sweep(apply=True, now=later(6))

    assert (swept.freed.blobs, swept.freed.bytes, swept.referenced, swept.strangers) == (1, 8, 1, [])
    assert (is_blob(orphan), is_blob(needed)) == (False, True)
    checked = blobs_check()
    assert (checked.read, checked.orphans, checked.problems) == (1, 0, [])
    assert stored(b"nobody's") == orphan
    assert is_blob(orphan)
