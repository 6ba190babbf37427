"""An entry over the real channel, with a worker that tells what a test wants told."""

import numpy as np
import pytest

from fixpoint.dispatch.models import Attempt
from fixpoint.submissions.models import Submission
from fixpoint.submissions.services import EntryRefusedError, submission_cancel, submission_enter
from tests.support.evaluating import predict, train
from tests.support.worker import ScriptedWorker, job_of
from worker.contract import Fact, Phase, Progress


def test_an_entry_goes_from_queued_to_scored(entry, worker):
    train(worker)
    entry.refresh_from_db()
    assert entry.status == Submission.Status.PREDICTING

    predict(worker, [0, 1, 0, 0])

    entry.refresh_from_db()
    assert (entry.status, entry.accuracy, entry.quota) == ("scored", 0.75, "charged")
    assert np.unpackbits(np.frombuffer(entry.result.correct, np.uint8))[:4].tolist() == [1, 1, 1, 0]
    path = [(each.from_status, each.to_status) for each in entry.transitions.all()]
    assert path == [("", "queued"), ("queued", "training"), ("training", "predicting"), ("predicting", "scored")]


def test_a_report_that_arrives_twice_changes_nothing(entry, worker):
    train(worker)
    predict(worker, [0, 1, 0, 1])
    again = worker.report(Fact.PREDICTED, Phase.PREDICT, sequence=worker.sequence)
    assert again.status_code == 410
    entry.refresh_from_db()
    assert entry.accuracy == 1.0
    assert entry.transitions.count() == 4


def test_only_the_predict_stage_names_the_hidden_images(worker):
    claim = worker.claim().json()
    stages = {stage["phase"]: stage for stage in claim["stages"]}
    assert stages["train"]["inputs"] == ["pack.safetensors"]
    assert "hidden.safetensors" in stages["predict"]["inputs"]


def test_logits_that_do_not_fit_are_our_fault_and_tried_again(entry, worker):
    train(worker)
    predict(worker, [0, 1])
    entry.refresh_from_db()
    assert (entry.status, entry.attempt, entry.quota) == ("queued", 2, "reserved")
    assert Attempt.objects.filter(ended_at=None).get().number == 2


def test_facts_of_a_superseded_attempt_change_nothing(entry, worker):
    train(worker)
    worker.report(Fact.ERROR, Phase.PREDICT)
    late = worker.report(Fact.PREDICTED, Phase.PREDICT)
    assert late.status_code == 410
    entry.refresh_from_db()
    assert (entry.status, entry.accuracy) == ("queued", None)


def test_three_faults_of_ours_end_in_error_and_cost_nothing(entry, worker):
    for number in (1, 2, 3):
        current = ScriptedWorker(job_of(Attempt.objects.get(number=number)))
        assert current.claim().status_code == 200
        current.report(Fact.ERROR, Phase.TRAIN)
    entry.refresh_from_db()
    assert (entry.status, entry.quota) == ("error", "released")
    assert not Attempt.objects.filter(ended_at=None).exists()


def test_a_cancel_reaches_the_worker_as_the_answer_to_its_heartbeat(entry, worker, owner):
    worker.claim()
    worker.report(Fact.STARTED, Phase.TRAIN)
    assert worker.beat().json() == {"answer": "continue"}
    entry.refresh_from_db()
    assert submission_cancel(submission=entry, who=owner)
    assert worker.beat().json() == {"answer": "cancel"}


def test_a_cancel_before_the_start_costs_nothing(entry, owner):
    assert submission_cancel(submission=entry, who=owner)
    entry.refresh_from_db()
    assert entry.quota == "released"
    assert not submission_cancel(submission=entry, who=owner)


def test_epochs_that_arrive_twice_stand_once(entry, worker):
    worker.claim()
    worker.report(Fact.STARTED, Phase.TRAIN)
    epoch = Progress(0, 1, 5, 2.0, 0.1, 2.1, 0.2)
    worker.report(Fact.PROGRESS, Phase.TRAIN, progress=(epoch,))
    worker.report(Fact.PROGRESS, Phase.TRAIN, progress=(epoch, Progress(0, 2, 5, 1.0, 0.3, 1.1, 0.4)))
    assert [each.epoch for each in entry.epochs.all()] == [1, 2]


def test_the_quota_of_the_day_is_counted_at_entry(entry, rows, owner, task):
    for _ in range(task.entries_per_day - 1):
        submission_enter(owner=owner, dataset=entry.dataset)
    with pytest.raises(EntryRefusedError, match="in 24 hours are used"):
        submission_enter(owner=owner, dataset=entry.dataset)


def test_nobody_enters_what_another_uploaded(entry, stranger):
    with pytest.raises(EntryRefusedError, match="Only the person"):
        submission_enter(owner=stranger, dataset=entry.dataset)
