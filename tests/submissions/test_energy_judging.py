"""A run that took what its work does not explain is told to the organizers; one that did not costs nothing more."""

from dataclasses import replace

import pytest

from fixpoint.accounts.models import Notice
from fixpoint.energy.constants import CAL_2026_11_22
from tests.support.evaluating import hand_in, logits, start, trained
from tests.support.worker import PROVENANCE, energy
from worker.contract import Fact, Phase

HOST = replace(PROVENANCE, device_class="cpu-x86_64-intel-avx512", device="Intel(R) Xeon(R) Processor")
USUAL = CAL_2026_11_22.seconds_per_entry
"""CPU-seconds: entries as small as these take little more than what every entry takes."""


@pytest.fixture
def organizer(rows):
    return rows.person("olga", role="organizer")


@pytest.fixture
def entry(entry):
    entry.task.calibration = CAL_2026_11_22.version
    entry.task.save()
    reading = {"attempt": 1, "phase": "ingest", "seconds": 1, "level": "M1", "method": "cpu"}
    entry.dataset.energies.create(**reading, kwh=0.001, cpu_seconds=0.0)
    return entry


def run(worker, cpu_seconds, host=HOST):
    """All of an entry; its training took so many CPU-seconds, the rest none."""
    start(worker)
    took = replace(energy(Phase.TRAIN), cpu_seconds=cpu_seconds)
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
