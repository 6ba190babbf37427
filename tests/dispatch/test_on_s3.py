"""The workers' channel where blobs lie on S3: inputs straight from there, and nothing lost while the store is away."""

import hashlib
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from fixpoint.blobs.store import blob_read
from fixpoint.datasets.services import dataset_take
from fixpoint.dispatch.models import Attempt
from fixpoint.submissions.models import Run
from fixpoint.tasks.selectors import hidden_material
from tests.support.evaluating import TRAINED, hand_in, logits, start
from tests.support.names import CLASSES
from tests.support.worker import ScriptedWorker, job_of
from worker.contract import Fact, Phase

pytestmark = pytest.mark.s3


@pytest.fixture(autouse=True)
def on_s3(bucket, object_store):
    """Before the entry of these tests, whose blobs then lie there; and running again whatever a test did to it."""
    yield bucket
    object_store.start()


@pytest.fixture
def running(worker):
    start(worker)
    return worker


def incoming(settings, attempt) -> list[str]:
    return sorted(path.name for path in (Path(settings.HOME) / "incoming" / str(attempt.pk)).glob("[!.]*"))


def test_a_claim_hands_out_addresses_of_the_store_and_outputs_go_to_the_platform(worker, object_store):
    assert worker.claim().status_code == 200
    assert {each.name for each in worker.claimed.inputs} == {"pack.safetensors", "hidden.safetensors"}
    for each in worker.claimed.inputs:
        assert each.url.startswith(f"{object_store.url}/")
        data = httpx.get(each.url, trust_env=False).content
        assert (hashlib.sha256(data).hexdigest(), len(data)) == (each.sha256, each.size)
    outputs = [output for stage in worker.claimed.stages for output in stage.outputs]
    assert outputs
    assert all(output.url.startswith("/api/worker/outputs/") for output in outputs)


def test_the_hidden_set_is_read_by_who_evaluates_and_by_nobody_who_opens_an_upload(worker, rows, owner, task, tmp_path):
    assert worker.claim().status_code == 200
    hidden = hidden_material(task)
    kept = {digest for digest in (hidden.archive_sha256, hidden.pack_sha256) if digest}
    told = {urlsplit(each.url).path.rpartition("/")[2] for each in worker.claimed.inputs}
    assert told & kept == {hidden.pack_sha256}

    archive = tmp_path / "mine.zip"
    archive.write_bytes(rows.zip_of({f"{part}/{each}/1.png": b"x" for part in ("train", "val") for each in CLASSES}))
    dataset = dataset_take(owner=owner, task=task, name="mine", path=archive)
    opening = ScriptedWorker(job_of(Attempt.objects.get(subject_id=dataset.pk)))
    assert opening.claim().status_code == 200
    assert [urlsplit(each.url).path.rpartition("/")[2] for each in opening.claimed.inputs] == [dataset.archive_sha256]


def test_a_report_that_finds_the_store_away_is_repeated_and_nothing_is_sent_again(
    running, attempt, entry, object_store, settings
):
    delivered = hand_in(running)
    held = incoming(settings, attempt)
    object_store.stop()
    said = {"delivered": delivered, "result": dict(TRAINED)}
    answer = running.report(Fact.TRAINED, Phase.TRAIN, **said)
    assert (answer.status_code, answer.json()["detail"]) == (503, "The store does not answer.")
    assert running.beat().json() == {"answer": "continue"}
    assert incoming(settings, attempt) == held
    attempt.refresh_from_db()
    entry.refresh_from_db()
    assert (attempt.is_open, entry.status) == (True, "training")

    object_store.start()
    assert running.report(Fact.TRAINED, Phase.TRAIN, sequence=running.sequence, **said).status_code == 200
    assert Run.objects.get().weights_sha256 == delivered[0].sha256
    assert incoming(settings, attempt) == []


def test_a_score_whose_logits_stand_in_the_report_waits_for_the_store(running, entry, object_store):
    running.report(Fact.TRAINED, Phase.TRAIN, delivered=hand_in(running), result=dict(TRAINED))
    said = {"delivered": (running.enclose("logits.safetensors", logits([0, 1, 0, 1])),)}
    object_store.stop()
    assert running.report(Fact.PREDICTED, Phase.PREDICT, **said).status_code == 503
    entry.refresh_from_db()
    assert entry.status == "predicting"
    object_store.start()
    assert running.report(Fact.PREDICTED, Phase.PREDICT, sequence=running.sequence, **said).status_code == 200
    entry.refresh_from_db()
    assert (entry.status, entry.accuracy) == ("scored", 1.0)
    assert blob_read(entry.result.logits_sha256, at_most=10_000) == logits([0, 1, 0, 1])


def test_a_claim_that_finds_the_store_away_costs_no_attempt(worker, attempt, object_store):
    object_store.stop()
    assert worker.claim().status_code == 503
    attempt.refresh_from_db()
    assert (attempt.is_open, attempt.claimed_at) == (True, None)
    object_store.start()
    assert worker.claim().status_code == 200
