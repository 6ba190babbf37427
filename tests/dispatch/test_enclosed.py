"""Small outputs stand in their report: believed as little as those that were PUT, and stored as they are."""

from dataclasses import replace
from pathlib import Path

import pytest

from fixpoint.blobs.store import blob_read, is_blob
from fixpoint.dispatch.models import Attempt
from fixpoint.submissions.models import Run
from tests.support.evaluating import TRAINED, logits, start
from worker.contract import INLINE_BYTES, Fact, Phase

FILES = {"weights.safetensors": b"weights", "history.json": b"{}", "dynamics.safetensors": b"dynamics"}


@pytest.fixture
def running(worker):
    start(worker)
    return worker


def enclosed(worker):
    return tuple(worker.enclose(name, data) for name, data in FILES.items())


def trained(worker, delivered, **more):
    return worker.report(Fact.TRAINED, Phase.TRAIN, delivered=delivered, result=dict(TRAINED), **more)


def test_what_a_report_holds_is_stored_and_nothing_remains_incoming(running, attempt, settings):
    assert trained(running, enclosed(running)).status_code == 200
    run = Run.objects.get()
    kept = [run.weights_sha256, run.history_sha256, run.dynamics_sha256]
    assert [blob_read(each, at_most=8) for each in kept] == list(FILES.values())
    folder = Path(settings.HOME) / "incoming" / str(attempt.pk)
    assert [path.name for path in folder.glob("*")] == []


def test_an_entry_is_scored_by_logits_that_its_report_holds(running, entry):
    trained(running, enclosed(running))
    held = (running.enclose("logits.safetensors", logits([0, 1, 0, 1])),)
    assert running.report(Fact.PREDICTED, Phase.PREDICT, delivered=held).status_code == 200
    entry.refresh_from_db()
    assert (entry.status, entry.accuracy) == ("scored", 1.0)
    assert entry.result.logits_sha256 == held[0].sha256


def test_some_may_be_put_and_others_enclosed(running):
    weights, *others = enclosed(running)
    put = running.put("weights.safetensors", FILES["weights.safetensors"])
    assert trained(running, (put, *others)).status_code == 200
    assert Run.objects.get().weights_sha256 == weights.sha256


@pytest.mark.parametrize("changed", [{"sha256": "0" * 64}, {"size": 6}, {"content": "d2VpZ2h0"}])
def test_what_is_not_as_announced_is_not_believed(running, entry, changed):
    weights, *others = enclosed(running)
    answer = trained(running, (replace(weights, **changed), *others))
    assert answer.status_code == 412
    assert "damaged" in answer.json()["detail"]
    entry.refresh_from_db()
    assert entry.status == "training"
    assert not is_blob(weights.sha256)


@pytest.mark.parametrize("content", ["no base64!", "d2VpZ2h0cw"])
def test_what_is_no_base64_is_out_of_shape(running, entry, content):
    weights, *others = enclosed(running)
    assert trained(running, (replace(weights, content=content), *others)).status_code == 422
    entry.refresh_from_db()
    assert entry.status == "training"


def test_more_than_a_report_may_hold_is_refused(running):
    _, history, dynamics = enclosed(running)
    large = running.enclose("weights.safetensors", bytes(INLINE_BYTES - 9))
    assert trained(running, (large, history, dynamics)).status_code == 422
    large = running.enclose("weights.safetensors", bytes(INLINE_BYTES - 10))
    assert trained(running, (large, history, dynamics)).status_code == 200


def test_a_name_that_is_none_for_an_output_is_refused(running):
    weights, *others = enclosed(running)
    assert trained(running, (replace(weights, name="../weights"), *others)).status_code == 412


def test_a_report_that_is_said_again_changes_nothing(running, attempt):
    held = enclosed(running)
    trained(running, held, sequence=7)
    assert trained(running, held, sequence=7).json() == {"answer": "continue"}
    assert Run.objects.count() == 1
    assert Attempt.objects.get().last_sequence == 7


def test_a_stranger_stores_nothing(running):
    held = enclosed(running)
    running.key = "another key"
    assert trained(running, held).status_code == 410
    assert not is_blob(held[0].sha256)
