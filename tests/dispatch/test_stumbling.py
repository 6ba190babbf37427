"""What the platform stumbles over ends the attempt: a worker that insisted would hold up its queue for ever."""

import pytest
from django.db import OperationalError

from fixpoint.dispatch.models import Attempt
from fixpoint.dispatch.reporting import _lost
from fixpoint.submissions import settling
from fixpoint.tasks.models import Material, Task
from tests.support.evaluating import predict, train
from tests.support.worker import ScriptedWorker, job_of
from worker.contract import Fact, Phase, Report


def test_a_score_that_cannot_be_settled_is_tried_again_and_not_insisted_on(worker, entry):
    train(worker)
    Task.objects.update(calibration="one that nobody knows")

    answer = predict(worker, [0, 1, 0, 1])

    assert answer.status_code == 200
    entry.refresh_from_db()
    assert (entry.status, entry.attempt, entry.accuracy) == ("queued", 2, None)
    assert entry.transitions.last().why == "The platform could not take in what the worker reported."
    assert Attempt.objects.get(number=1).ended_at is not None


def test_the_same_fault_three_times_ends_in_an_error_that_costs_nothing(worker, entry):
    Task.objects.update(calibration="one that nobody knows")
    for number in (1, 2, 3):
        current = ScriptedWorker(job_of(Attempt.objects.get(number=number)))
        train(current)
        predict(current, [0, 1, 0, 1])
    entry.refresh_from_db()
    assert (entry.status, entry.quota) == ("error", "released")
    assert not Attempt.objects.filter(ended_at=None).exists()


def test_a_claim_for_a_blob_that_is_lost_ends_the_attempt(worker, entry):
    Material.objects.update(pack_sha256="f" * 64)
    assert worker.claim().status_code == 409
    entry.refresh_from_db()
    assert (entry.status, entry.attempt) == ("queued", 2)
    assert Attempt.objects.get(number=1).outcome == "broken"


def test_a_report_that_was_said_again_and_taken_after_a_stumble_ends_nothing(worker, entry):
    train(worker)
    said = Report(Fact.TRAINED, worker.sequence, Phase.TRAIN)
    attempt = Attempt.objects.get()
    answer = _lost(str(attempt.subject_id), attempt.number, worker.key, said)
    assert (answer, Attempt.objects.get().ended_at) == ("continue", None)
    entry.refresh_from_db()
    assert entry.status == "predicting"


def test_a_busy_database_is_worth_another_try(worker, entry, monkeypatch):
    train(worker)

    def busy(**_values: object) -> None:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patched:
        patched.setattr("fixpoint.submissions.handler.submission_settle", busy)
        with pytest.raises(OperationalError):
            predict(worker, [0, 1, 0, 1])
    entry.refresh_from_db()
    assert (entry.status, entry.attempt) == ("predicting", 1)
    assert settling.submission_settle is not busy


def test_a_claim_without_a_key_is_not_taken(worker):
    worker.key = ""
    assert worker.claim().status_code == 422


def test_json_that_is_nested_without_end_is_refused(worker):
    answer = worker.client.post("/api/worker/claim", "[" * 100_000, content_type="application/json")
    assert answer.status_code == 422
