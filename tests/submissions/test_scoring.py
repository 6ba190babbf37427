"""Logits meet the hidden labels here and only here; what is not one finite row per seed and image is no score."""

import numpy as np
import pytest
from safetensors.numpy import save

from fixpoint.dispatch.models import Attempt
from fixpoint.energy.constants import CALIBRATIONS
from fixpoint.energy.estimates import standardised_kwh, work_of_entry
from fixpoint.recipes import recipe_facts
from fixpoint.submissions.models import Result
from fixpoint.submissions.scoring import LogitsError, score
from fixpoint.submissions.services import submission_enter
from tests.support.evaluating import evaluate, hold_packs, train
from tests.support.worker import ScriptedWorker, energy, job_of
from worker.contract import Fact, Phase

LABELS = np.array([0, 1, 2])
GOOD = np.array([[[9, 1, 1], [1, 9, 1], [9, 1, 1]]], dtype=np.float32)


def test_the_share_of_largest_logits_that_are_the_label():
    judged = score(save({"logits": GOOD}), LABELS, seeds=1, classes=3)
    assert judged.accuracy == pytest.approx(2 / 3)
    assert judged.correct.tolist() == [[True, True, False]]
    assert np.unpackbits(np.frombuffer(judged.bits, np.uint8))[:3].tolist() == [1, 1, 0]


def test_of_equal_logits_the_first_counts():
    zeros = save({"logits": np.zeros((1, 3, 3), np.float32)})
    assert score(zeros, LABELS, seeds=1, classes=3).correct.tolist() == [[True, False, False]]


def test_the_score_of_several_seeds_is_the_mean_of_theirs_and_the_spread_their_standard_deviation():
    all_right, none_right = np.eye(3, dtype=np.float32)[LABELS], np.eye(3, dtype=np.float32)[(LABELS + 1) % 3]
    judged = score(save({"logits": np.stack([*GOOD, all_right, none_right])}), LABELS, seeds=3, classes=3)
    assert judged.accuracies == pytest.approx([2 / 3, 1, 0])
    assert judged.accuracy == pytest.approx(5 / 9)
    assert judged.spread == pytest.approx(np.std([2 / 3, 1, 0], ddof=1))


def test_one_seed_has_no_spread():
    assert score(save({"logits": GOOD}), LABELS, seeds=1, classes=3).spread is None


@pytest.mark.parametrize("images", [1, 8, 9, 20])
def test_every_seeds_bits_begin_at_a_byte_of_their_own(images):
    labels = np.arange(images) % 2
    named = np.stack([labels, 1 - labels, np.zeros_like(labels)])
    judged = score(save({"logits": np.eye(2, dtype=np.float32)[named]}), labels, seeds=3, classes=2)
    rows = np.frombuffer(judged.bits, np.uint8).reshape(3, -1)
    assert rows.shape[1] == -(-images // 8)
    assert np.unpackbits(rows, axis=1, count=images).tolist() == (named == labels).tolist()


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"not safetensors",
        b"\xff" * 64,
        save({"other": GOOD}),
        save({"logits": GOOD[:, :2]}),
        save({"logits": GOOD[:, :, :2]}),
        save({"logits": GOOD[0]}),
        save({"logits": np.concatenate([GOOD, GOOD])}),
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
def test_what_is_not_one_finite_row_per_seed_and_image_is_refused_in_words(file):
    with pytest.raises(LogitsError):
        score(file, LABELS, seeds=1, classes=3)


def test_the_result_holds_what_is_needed_to_check_it(entry, worker, task):
    evaluate(worker, [0, 1, 0, 1])
    result = Result.objects.get()
    facts, calibration = recipe_facts(task.recipe), CALIBRATIONS[task.calibration]
    gflop = work_of_entry(facts, train=4, val=4, hidden=4)
    assert result.hidden_images == 4
    only = {"seed": 0, "accuracy": 1.0, "best_epoch": 1, "val_accuracy": 0.5, "weights_digest": "ab" * 32}
    assert (result.per_seed, result.val_accuracy, result.spread) == ([only], 0.5, None)
    assert result.gflop == pytest.approx(gflop)
    assert result.standardised_kwh == pytest.approx(standardised_kwh(gflop, 0.1, calibration))
    provenance = result.run.provenance
    assert (provenance["sandbox"], provenance["device_class"], provenance["seeds"]) == ("fake", "cpu-none", [0])


def test_an_entry_of_several_seeds_keeps_each_of_them(rows, owner, tmp_path):
    task = rows.open_task(slug="seeded", seed=4, seeds=3)
    entry = submission_enter(owner=owner, dataset=rows.accepted_dataset(owner, task))
    hold_packs(entry, tmp_path)
    worker = ScriptedWorker(job_of(Attempt.objects.get(subject_id=entry.pk)))

    evaluate(worker, [0, 1, 0, 1], [0, 0, 0, 0], [0, 1, 0, 0])

    entry.refresh_from_db()
    assert (entry.status, entry.accuracy) == ("scored", 0.75)
    assert [(each["seed"], each["accuracy"]) for each in entry.result.per_seed] == [(4, 1.0), (5, 0.5), (6, 0.75)]
    assert entry.result.spread == pytest.approx(0.25)
    bits = np.unpackbits(np.frombuffer(entry.result.correct, np.uint8).reshape(3, 1), axis=1, count=4)
    assert bits.tolist() == [[1, 1, 1, 1], [1, 0, 1, 0], [1, 1, 1, 0]]
    gflop = work_of_entry(recipe_facts(task.recipe), train=4, val=4, hidden=4)
    assert entry.result.gflop == pytest.approx(3 * gflop)


def test_logits_of_too_few_seeds_are_our_fault(rows, owner, tmp_path):
    entry = submission_enter(owner=owner, dataset=rows.accepted_dataset(owner, rows.open_task(slug="two", seeds=2)))
    hold_packs(entry, tmp_path)
    evaluate(ScriptedWorker(job_of(Attempt.objects.get(subject_id=entry.pk))), [0, 1, 0, 1])
    entry.refresh_from_db()
    assert (entry.status, entry.attempt, entry.accuracy) == ("queued", 2, None)


def test_energy_is_summed_when_every_phase_was_measured(entry, worker):
    entry.dataset.energies.create(attempt=1, phase="ingest", seconds=1, level="M0", method="model", kwh=0.003)
    evaluate(worker, [0, 1, 0, 1])
    result = Result.objects.get()
    assert result.measured_kwh == pytest.approx(0.005)
    assert result.measured_level == "M0", "the lowest level among the phases"


def test_the_band_of_a_runs_energy_is_that_of_its_phases_by_their_weight(entry, worker):
    reading = {"attempt": 1, "phase": "ingest", "seconds": 1, "level": "M1", "method": "cpu"}
    entry.dataset.energies.create(**reading, kwh=0.002, band=0.5)
    evaluate(worker, [0, 1, 0, 1])
    assert Result.objects.get().measured_band == pytest.approx((0.5 * 0.002 + 0.25 * 0.002) / 0.004)


def test_a_phase_without_a_band_leaves_none_for_the_run(entry, worker):
    entry.dataset.energies.create(attempt=1, phase="ingest", seconds=1, level="M1", method="cpu", kwh=0.002)
    evaluate(worker, [0, 1, 0, 1])
    assert Result.objects.get().measured_band is None


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
