"""A run that took what its work does not explain is told to the organizers; one that did not costs nothing more."""

from dataclasses import replace

import pytest

from fixpoint.accounts.models import Notice
from fixpoint.dispatch.models import Attempt
from fixpoint.energy.constants import CAL_2026_11_22
from fixpoint.energy.estimates import standardised_cpu_seconds, work_of_entry
from fixpoint.recipes import RetiredRecipeError, recipe_facts
from fixpoint.submissions.models import Result, Submission
from fixpoint.submissions.reruns import submission_rerun
from tests.support.evaluating import hand_in, logits, start, trained
from tests.support.worker import PROVENANCE, ScriptedWorker, energy, job_of
from worker.contract import Fact, Phase

HOST = replace(PROVENANCE, device_class="cpu-x86_64-intel-avx512", device="Intel(R) Xeon(R) Processor")
TRAIN, VAL, HIDDEN = 10_000, 1, 4
"""Images, as many as make a run that is long enough to be judged."""
USUAL = standardised_cpu_seconds(
    work_of_entry(recipe_facts("resnet50-dcai2021-quick"), TRAIN, VAL, HIDDEN), 0.0, CAL_2026_11_22
)


@pytest.fixture
def organizer(rows):
    return rows.person("olga", role="organizer")


@pytest.fixture
def entry(entry):
    entry.task.calibration = CAL_2026_11_22.version
    entry.task.save()
    entry.dataset.counts, entry.dataset.decoded_megapixels = {"train": {"all": TRAIN}, "val": {"all": VAL}}, 0.0
    entry.dataset.save()
    reading = {"attempt": 1, "phase": "ingest", "seconds": 1, "level": "M1", "method": "cpu"}
    entry.dataset.energies.create(**reading, kwh=0.001, cpu_seconds=0.0)
    return entry


def run(worker, cpu_seconds, host=HOST, **figures):
    """All of an entry; its training took so many CPU-seconds, the rest none."""
    start(worker)
    finish(worker, cpu_seconds, host, **figures)


def finish(worker, cpu_seconds, host=HOST, *, kwh=0.001, level="M1"):
    took = replace(energy(Phase.TRAIN, kwh), cpu_seconds=cpu_seconds, level=level)
    worker.report(Fact.TRAINED, Phase.TRAIN, delivered=hand_in(worker), energy=took, provenance=host, result=trained())
    took = replace(energy(Phase.PREDICT), cpu_seconds=0.0)
    scores = (worker.put("logits.safetensors", logits([0, 1, 0, 1])),)
    answer = worker.report(Fact.PREDICTED, Phase.PREDICT, delivered=scores, energy=took, provenance=host)
    assert answer.status_code == 200, answer.content


@pytest.mark.parametrize("ratio", [0.3, 3.0])
def test_a_run_out_of_its_band_is_told_to_the_organizers(organizer, entry, worker, ratio):
    run(worker, ratio * USUAL)

    entry.refresh_from_db()
    assert entry.status == "scored"
    [notice] = Notice.objects.filter(user=organizer)
    assert notice.path == f"/entries/{entry.pk}/"
    assert "took energy out of its band" in notice.subject


def test_a_run_as_it_should_be_is_told_to_nobody(organizer, entry, worker):
    run(worker, USUAL)

    entry.refresh_from_db()
    assert entry.status == "scored"
    assert not Notice.objects.exists()


def test_a_run_on_a_host_that_nobody_knows_is_told_to_nobody(organizer, entry, worker):
    run(worker, 3 * USUAL, host=PROVENANCE)

    assert not Notice.objects.exists()


def reruns(entry):
    return Submission.objects.filter(rerun_of=entry).order_by("created_at")


def run_again(entry, ratio, kwh):
    """The newest run again, whose training took so many times the usual CPU-seconds, and so many kWh."""
    again = reruns(entry).last()
    run(ScriptedWorker(job_of(Attempt.objects.get(subject_id=again.pk))), ratio * USUAL, kwh=kwh)


def test_it_is_run_again_at_no_charge_until_there_are_three_runs(organizer, entry, worker):
    run(worker, 3 * USUAL, kwh=0.009)
    [again] = reruns(entry)
    assert again.quota == "released"
    assert "took 3.00 times the CPU-seconds" in again.transitions.get().why

    run_again(entry, 1.0, 0.003)
    assert reruns(entry).count() == 2
    run_again(entry, 1.0, 0.004)

    assert [each.status for each in reruns(entry)] == ["scored", "scored"]
    assert Notice.objects.count() == 1


def test_the_measured_figure_is_the_median_of_its_runs_and_the_board_hears_of_it(entry, worker):
    run(worker, 3 * USUAL, kwh=0.009)
    entry.refresh_from_db()
    before = entry.board_number

    run_again(entry, 1.0, 0.003)
    run_again(entry, 1.0, 0.004)

    result = Result.objects.get(submission=entry)
    rest = 0.001 + 0.001  # reading the images, and prediction
    assert (result.measured_kwh, result.measured_runs) == (pytest.approx(0.004 + rest), 3)
    assert result.own_kwh == pytest.approx(0.009 + rest)
    entry.refresh_from_db()
    assert entry.board_number > before


def test_a_run_again_of_another_level_is_not_in_the_median(entry, worker):
    run(worker, 3 * USUAL, kwh=0.009)
    again = reruns(entry).get()
    run(ScriptedWorker(job_of(Attempt.objects.get(subject_id=again.pk))), USUAL, kwh=0.003, level="M0")

    result = Result.objects.get(submission=entry)
    assert (result.measured_kwh, result.measured_runs) == (pytest.approx(0.011), 1)


def test_what_an_organizer_runs_again_changes_no_figure_of_a_run_as_it_should_be(entry, worker):
    run(worker, USUAL, kwh=0.009)
    entry.refresh_from_db()
    submission_rerun(submission=entry, why="to see", who="olga")

    run_again(entry, 1.0, 0.003)

    result = Result.objects.get(submission=entry)
    assert (result.measured_kwh, result.measured_runs) == (pytest.approx(0.011), 1)
    assert reruns(entry).count() == 1


def test_what_cannot_be_run_again_keeps_its_score_and_its_figure(organizer, entry, worker, monkeypatch):
    start(worker)
    monkeypatch.setattr("fixpoint.submissions.reruns.pinned_facts", retired)

    finish(worker, 3 * USUAL)

    entry.refresh_from_db()
    assert entry.status == "scored"
    assert not reruns(entry).exists()
    assert "It cannot be run again." in Notice.objects.get(user=organizer).text


def retired(recipe, digest):
    raise RetiredRecipeError(f"The recipe {recipe} is retired.")
