"""Runs whose CPU-seconds the platform judges: as their work takes them, or so many times that."""

from dataclasses import replace

from fixpoint.dispatch.models import Attempt
from fixpoint.energy.constants import CAL_2026_11_22
from fixpoint.energy.estimates import standardised_cpu_seconds, work_of_entry
from fixpoint.recipes import recipe_facts
from fixpoint.submissions.models import Submission
from tests.support.evaluating import hand_in, logits, start, trained
from tests.support.worker import PROVENANCE, ScriptedWorker, energy, job_of
from worker.contract import Fact, Phase

HOST = replace(PROVENANCE, device_class="cpu-x86_64-intel-avx512", device="Intel(R) Xeon(R) Processor")
TRAIN, VAL, HIDDEN = 10_000, 1, 4
"""Images, as many as make a run that is long enough to be judged."""
USUAL = standardised_cpu_seconds(
    work_of_entry(recipe_facts("resnet50-dcai2021-quick"), TRAIN, VAL, HIDDEN), 0.0, CAL_2026_11_22
)


def make_long(entry: Submission) -> Submission:
    """So much work that its run is judged, by a calibration that has a band."""
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
    """From the end of its training on."""
    took = replace(energy(Phase.TRAIN, kwh), cpu_seconds=cpu_seconds, level=level)
    worker.report(Fact.TRAINED, Phase.TRAIN, delivered=hand_in(worker), energy=took, provenance=host, result=trained())
    took = replace(energy(Phase.PREDICT), cpu_seconds=0.0)
    scores = (worker.put("logits.safetensors", logits([0, 1, 0, 1])),)
    answer = worker.report(Fact.PREDICTED, Phase.PREDICT, delivered=scores, energy=took, provenance=host)
    assert answer.status_code == 200, answer.content


def reruns(entry):
    """What repeats it, the oldest first."""
    return Submission.objects.filter(rerun_of=entry).order_by("created_at")


def run_again(entry, ratio, kwh):
    """The newest run again, whose training took so many times the usual CPU-seconds, and so many kWh."""
    again = reruns(entry).last()
    run(worker_of(again), ratio * USUAL, kwh=kwh)


def worker_of(entry: Submission) -> ScriptedWorker:
    """For its newest attempt."""
    return ScriptedWorker(job_of(Attempt.objects.filter(subject_id=entry.pk).latest("number")))
