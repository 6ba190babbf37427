"""Logits meet the hidden labels here and only here; what is not one finite row per image is no score."""

import numpy as np
import pytest
from safetensors.numpy import save

from fixpoint.energy.constants import CALIBRATIONS
from fixpoint.energy.estimates import standardised_kwh, work_of_entry
from fixpoint.recipes import recipe_facts
from fixpoint.submissions.models import Result
from fixpoint.submissions.scoring import LogitsError, score
from tests.support.evaluating import evaluate, logits, train
from tests.support.worker import energy
from worker.contract import Fact, Phase

LABELS = np.array([0, 1, 2])
GOOD = np.array([[9, 1, 1], [1, 9, 1], [9, 1, 1]], dtype=np.float32)


def test_the_share_of_largest_logits_that_are_the_label():
    judged = score(save({"logits": GOOD}), LABELS, 3)
    assert judged.accuracy == pytest.approx(2 / 3)
    assert judged.correct.tolist() == [True, True, False]
    assert np.unpackbits(np.frombuffer(judged.bits, np.uint8))[:3].tolist() == [1, 1, 0]


def test_of_equal_logits_the_first_counts():
    assert score(save({"logits": np.zeros((3, 3), np.float32)}), LABELS, 3).correct.tolist() == [True, False, False]


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"not safetensors",
        b"\xff" * 64,
        save({"other": GOOD}),
        save({"logits": GOOD[:2]}),
        save({"logits": GOOD[:, :2]}),
        save({"logits": GOOD.reshape(-1)}),
        save({"logits": GOOD.astype(np.float64)}),
        save({"logits": GOOD.astype(np.int32)}),
        save({"logits": np.where(GOOD > 5, np.nan, GOOD)}),
        save({"logits": np.where(GOOD > 5, np.inf, GOOD)}),
        save({"logits": GOOD})[:-1],
        b'\x40\x00\x00\x00\x00\x00\x00\x00{"logits":{"dtype":"F8_E4M3","shape":[3,3],"data_offsets":[0,9]}} '
        + b"\0" * 9,
        b'\x3d\x00\x00\x00\x00\x00\x00\x00{"logits":{"dtype":"BF16","shape":[3,3],"data_offsets":[0,18]}}' + b"\0" * 18,
    ],
)
def test_what_is_not_one_finite_row_per_image_is_refused_in_words(file):
    with pytest.raises(LogitsError):
        score(file, LABELS, 3)


def test_the_result_holds_what_is_needed_to_check_it(entry, worker, task):
    evaluate(worker, [0, 1, 0, 1])
    result = Result.objects.get()
    facts, calibration = recipe_facts(task.recipe), CALIBRATIONS[task.calibration]
    gflop = work_of_entry(facts, train=4, val=4, hidden=4)
    assert result.hidden_images == 4
    assert (result.best_epoch, result.val_accuracy) == (1, 0.5)
    assert result.gflop == pytest.approx(gflop)
    assert result.standardised_kwh == pytest.approx(standardised_kwh(gflop, 0.1, calibration))
    assert result.run.provenance["sandbox"] == "fake"


def test_energy_is_summed_when_every_phase_was_measured(entry, worker):
    entry.dataset.energies.create(attempt=1, phase="ingest", seconds=1, level="M0", method="model", kwh=0.003)
    evaluate(worker, [0, 1, 0, 1])
    result = Result.objects.get()
    assert result.measured_kwh == pytest.approx(0.005)
    assert result.measured_level == "M0", "the lowest level among the phases"


def test_energy_is_not_measured_where_one_phase_was_not(entry, worker):
    entry.dataset.energies.create(attempt=1, phase="ingest", seconds=1, level="M1", method="cpu", kwh=None)
    evaluate(worker, [0, 1, 0, 1])
    result = Result.objects.get()
    assert (result.measured_kwh, result.measured_level) == (None, "")


def test_energy_of_an_earlier_attempt_is_not_counted(entry, worker):
    entry.dataset.energies.create(attempt=1, phase="ingest", seconds=1, level="M1", method="cpu", kwh=0.001)
    entry.energies.create(attempt=7, phase="train", seconds=1, level="M1", method="cpu", kwh=5.0)
    evaluate(worker, [0, 1, 0, 1])
    assert Result.objects.get().measured_kwh == pytest.approx(0.003)


def test_a_prediction_without_its_logits_is_not_believed(entry, worker):
    train(worker)
    answer = worker.report(Fact.PREDICTED, Phase.PREDICT, energy=energy(Phase.PREDICT))
    assert answer.status_code == 412
    entry.refresh_from_db()
    assert entry.status == "predicting"


def test_the_labels_are_read_in_the_order_of_the_numbers(entry, worker, task):
    task.hidden_images.filter(number=4).update(label=0)
    evaluate(worker, [0, 1, 0, 0])
    entry.refresh_from_db()
    assert entry.accuracy == 1.0
    assert logits([0, 1, 0, 0])
