"""Every column that names blobs is known to the sweep: what it does not know of, it would delete."""

import json
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import JSONField, Model

from fixpoint.blobs.listing import blob_names
from fixpoint.blobs.models import Doomed
from fixpoint.blobs.references import columns, holders, is_referenced, referenced
from fixpoint.blobs.store import is_blob
from fixpoint.datasets.models import Dataset
from fixpoint.dispatch.models import Attempt
from fixpoint.leaderboard.models import Revision
from fixpoint.submissions.models import Result, Run
from fixpoint.submissions.services import submission_enter
from fixpoint.tasks.models import HiddenImage
from fixpoint.uploads.models import Upload
from tests.support.blobs import stored
from tests.support.bundles import write_zip
from tests.support.evaluating import evaluate, hold_packs
from tests.support.ingested import examined_dataset
from tests.support.patterns import entry as entry_files
from tests.support.worker import ScriptedWorker, job_of

NO_BLOB = {
    (HiddenImage, "sha256"): "of one file inside the hidden archive",
    (Upload, "sha256"): "announced by its sender, before the bytes are here",
    (Doomed, "sha256"): "a mark on a blob that nothing names",
    (Revision, "sha256"): "of its own body, which stands in its row",
}
NO_NAMES = {
    (Run, "outcome"): "digests of the weights of each seed alone, which are no files",
    (Result, "per_seed"): "the same",
}
_DIGEST = re.compile(r"[0-9a-f]{64}")


def fields(kind: type) -> list[tuple[type[Model], str]]:
    return [(model, field.name) for model in apps.get_models() for field in model._meta.fields if type(field) is kind]


def test_every_column_that_is_called_a_sha256_is_registered_or_is_no_blob_for_a_reason():
    named = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.fields
        if field.name.endswith("sha256")
    }
    registered = {column.place for column in columns()}
    assert registered == named - set(NO_BLOB), "register it in the app's blob_columns.py, or say above why not"
    assert set(NO_BLOB) <= named


@pytest.mark.django_db
def test_no_digest_of_a_blob_hides_in_a_text_or_json_of_a_whole_run(owner, task, tmp_path: Path):
    dataset = examined_dataset(owner, task, write_zip(tmp_path / "entry.zip", entry_files()), tmp_path)
    entry = submission_enter(owner=owner, dataset=dataset)
    hold_packs(entry, tmp_path)
    evaluate(ScriptedWorker(job_of(Attempt.objects.get(subject_id=entry.pk, ended_at=None))), [0, 1, 0, 1])
    registered = {column.place for column in columns()}
    found = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        for value in model._default_manager.values_list(field.name, flat=True)
        if (isinstance(value, str) or type(field) is JSONField)
        and any(is_blob(each) for each in _DIGEST.findall(value if isinstance(value, str) else json.dumps(value)))
    }
    assert found <= registered
    assert (Run, "weights_sha256") in found
    assert {sha256 for digit in "0123456789abcdef" for sha256 in blob_names(digit)} >= set(
        Run.objects.values_list("weights_sha256", flat=True)
    )


@pytest.mark.django_db
def test_a_blob_is_named_by_all_that_share_it_and_by_nobody_once_they_let_it_go(rows, owner, task):
    sha256 = stored(b"a zip that two hold")
    first, second = (rows.accepted_dataset(owner, task, name) for name in ("first", "second"))
    Dataset.objects.filter(pk__in=[first.pk, second.pk]).update(archive_sha256=sha256)
    assert {holder.what for holder in holders(sha256)} == {"zip"}
    assert ["“first” of owner" in each.subject or "“second” of owner" in each.subject for each in holders(sha256)] == [
        True,
        True,
    ]
    assert set(referenced(sha256[0])) == {sha256} | ({"0" * 64} if sha256[0] == "0" else set())
    Dataset.objects.filter(pk=first.pk).update(archive_sha256="0" * 64)
    assert is_referenced(sha256)
    Dataset.objects.filter(pk=second.pk).update(archive_freed_at=second.created_at)
    assert not is_referenced(sha256)
