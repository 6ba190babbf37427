"""Facts are taken in once, in whatever order their repeats arrive, and only if they are of the contract's shape."""

import json
from dataclasses import asdict, replace

import pytest

from fixpoint.submissions.models import Run, Submission
from tests.support.evaluating import TRAINED, hand_in, predict, start, train, trained
from tests.support.worker import energy
from worker.contract import Fact, Phase, Progress, Report

EPOCH = Progress(0, 1, 5, 2.0, 0.1, 2.1, 0.2)


def post(worker, body):
    path = f"/api/worker/attempts/{worker.job.id}/{worker.job.attempt}/report"
    headers = {"Authorization": f"Bearer {worker.key}"}
    return worker.client.post(path, body, content_type="application/json", headers=headers)


def body_with(**changes) -> dict:
    return asdict(Report(Fact.PROGRESS, 2, Phase.TRAIN, progress=(EPOCH,))) | changes


def test_a_report_that_is_repeated_is_answered_and_changes_nothing(worker, entry):
    start(worker)
    entry.refresh_from_db()
    started_at = entry.started_at
    again = worker.report(Fact.STARTED, Phase.TRAIN, sequence=1)
    assert again.json() == {"answer": "continue"}
    entry.refresh_from_db()
    assert entry.started_at == started_at
    assert entry.transitions.count() == 2


def test_a_report_that_comes_after_a_later_one_is_a_quiet_no(worker, entry):
    start(worker)
    worker.report(Fact.PROGRESS, Phase.TRAIN, sequence=5, progress=(EPOCH,))
    late = worker.report(Fact.ERROR, Phase.TRAIN, sequence=4)
    assert late.status_code == 200
    entry.refresh_from_db()
    assert (entry.status, entry.attempt) == ("training", 1)


def test_the_epochs_that_come_with_the_end_fill_what_got_lost(worker, entry):
    start(worker)
    epochs = tuple(Progress(0, number, 3, 1.0, 0.5, 1.0, 0.5) for number in (1, 2, 3))
    worker.report(Fact.PROGRESS, Phase.TRAIN, progress=epochs[:1])
    worker.report(Fact.TRAINED, Phase.TRAIN, delivered=hand_in(worker), progress=epochs, result=TRAINED)
    assert [each.epoch for each in entry.epochs.all()] == [1, 2, 3]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
def test_what_is_no_number_is_refused_wherever_it_stands(worker, entry, number):
    start(worker)
    text = json.dumps(body_with()).replace('"loss": 2.0', f'"loss": {number}')
    assert number in text
    assert post(worker, text).status_code == 422
    text = json.dumps(body_with(result={"deep": ["hole"]})).replace('"hole"', number)
    assert post(worker, text).status_code == 422
    assert not entry.epochs.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"fact": "won"},
        {"phase": "coffee"},
        {"sequence": "first"},
        {"sequence": None},
        {"progress": [{"epoch": 1}]},
        {"delivered": [{"name": "weights.safetensors"}]},
        {"energy": {"kwh": 1}},
    ],
)
def test_a_report_of_another_shape_is_unprocessable(worker, changes):
    start(worker)
    assert post(worker, json.dumps(body_with(**changes))).status_code == 422


@pytest.mark.parametrize("body", ["", "{", "[]", '"text"', "[" * 100 + "]" * 100])
def test_a_report_that_is_no_object_is_unprocessable(worker, body):
    start(worker)
    assert post(worker, body).status_code == 422


def test_a_refused_report_does_not_use_up_its_number(worker, entry):
    start(worker)
    assert post(worker, json.dumps(body_with(phase="coffee"))).status_code == 422
    assert post(worker, json.dumps(body_with())).status_code == 200
    assert entry.epochs.count() == 1


@pytest.mark.parametrize(
    "result",
    [
        {},
        {"seeds": TRAINED["seeds"]},
        TRAINED | {"best_val_accuracy": 1.5},
        TRAINED | {"seeds": []},
        TRAINED | {"seeds": [TRAINED["seeds"][0] | {"best_epoch": 0}]},
        TRAINED | {"seeds": [TRAINED["seeds"][0] | {"best_epoch": "first"}]},
        TRAINED | {"seeds": [TRAINED["seeds"][0] | {"best_val_accuracy": 1.5}]},
        TRAINED | {"seeds": [TRAINED["seeds"][0] | {"weights_digest": "short"}]},
        trained([1]),
        trained([0, 1]),
    ],
)
def test_a_training_whose_account_does_not_hold_is_not_believed(worker, entry, result):
    start(worker)
    answer = worker.report(Fact.TRAINED, Phase.TRAIN, delivered=hand_in(worker), result=result)
    assert answer.status_code == 422
    entry.refresh_from_db()
    assert entry.status == "training"
    assert not Run.objects.exists()


def test_an_epoch_of_a_seed_that_was_not_asked_for_is_not_believed(worker, entry):
    start(worker)
    assert worker.report(Fact.PROGRESS, Phase.TRAIN, progress=(replace(EPOCH, seed=1),)).status_code == 422
    assert not entry.epochs.exists()


def test_facts_of_the_wrong_moment_change_nothing(worker, entry):
    worker.claim()
    for fact in (Fact.TRAINED, Fact.PREDICTED, Fact.INGESTED, Fact.FAILED):
        assert worker.report(fact, Phase.TRAIN).status_code == 200
    entry.refresh_from_db()
    assert (entry.status, entry.attempt) == ("queued", 1)


def test_an_entry_cannot_be_scored_before_it_was_trained(worker, entry):
    start(worker)
    predict(worker, [0, 1, 0, 1])
    entry.refresh_from_db()
    assert (entry.status, entry.accuracy) == ("training", None)


def test_energy_comes_with_any_fact_and_stands_once_a_phase(worker, entry):
    start(worker)
    worker.report(Fact.PROGRESS, Phase.TRAIN, energy=energy(Phase.TRAIN, kwh=0.001))
    worker.report(Fact.PROGRESS, Phase.TRAIN, energy=energy(Phase.TRAIN, kwh=0.002))
    assert [(each.phase, each.kwh) for each in entry.energies.all()] == [("train", 0.002)]


def test_what_was_not_measured_is_null_and_never_zero(worker, entry):
    start(worker)
    worker.report(Fact.PROGRESS, Phase.TRAIN, energy=energy(Phase.TRAIN, kwh=None))
    assert entry.energies.get().kwh is None


def test_only_the_last_fact_ends_the_attempt(worker, attempt):
    train(worker)
    attempt.refresh_from_db()
    assert attempt.is_open
    predict(worker, [0, 1, 0, 1])
    attempt.refresh_from_db()
    assert (attempt.is_open, attempt.outcome) == (False, "predicted")
    assert Submission.objects.get().status == "scored"
