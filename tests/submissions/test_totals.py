"""What all of a person's runs took: whatever came of them, reading included, the platform's own reruns not."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fixpoint.submissions.services import submission_enter
from fixpoint.submissions.totals import EnergyTotal, energy_total, energy_totals, energy_totals_of

PHASE = {"seconds": 1.0, "level": "M1", "method": "cpu"}


@pytest.fixture
def dataset(rows, owner, task):
    made = rows.accepted_dataset(owner, task)
    made.energies.create(attempt=1, phase="ingest", kwh=0.001, **PHASE)
    return made


@pytest.fixture
def entry(owner, dataset):
    return submission_enter(owner=owner, dataset=dataset)


def took(entry, kwh, *, attempt=1, phase="train"):
    entry.energies.create(attempt=attempt, phase=phase, kwh=kwh, **PHASE)


def test_every_attempt_counts_whatever_came_of_it(owner, task, entry):
    took(entry, 0.01, attempt=1)
    took(entry, 0.02, attempt=2)
    took(entry, 0.03, attempt=2, phase="predict")

    assert energy_total(owner, task).kwh == pytest.approx(0.061)


def test_a_dataset_that_was_refused_has_taken_what_it_took(owner, task, dataset):
    dataset.status = "refused"
    dataset.save()

    assert energy_total(owner, task).kwh == pytest.approx(0.001)


def test_what_was_not_measured_is_told_and_not_nought(owner, task, entry):
    took(entry, None)

    assert energy_total(owner, task) == EnergyTotal(kwh=pytest.approx(0.001), unmeasured=1)


def test_what_the_platform_ran_again_is_on_nobodys_account(owner, task, dataset, entry):
    again = submission_enter(owner=owner, dataset=dataset)
    again.rerun_of = entry
    again.save()
    took(again, 5.0)

    assert energy_total(owner, task).kwh == pytest.approx(0.001)
    assert energy_totals(task) == {owner.pk: pytest.approx(0.001)}


def test_other_people_and_other_tasks_are_apart(rows, owner, stranger, task, entry):
    took(entry, 0.01)
    other = rows.open_task(slug="other")
    rows.accepted_dataset(owner, other).energies.create(attempt=1, phase="ingest", kwh=0.5, **PHASE)
    rows.accepted_dataset(stranger, task).energies.create(attempt=1, phase="ingest", kwh=0.25, **PHASE)

    assert energy_totals(task) == {owner.pk: pytest.approx(0.011), stranger.pk: 0.25}
    assert {key: total.kwh for key, total in energy_totals_of(owner).items()} == {
        task.pk: pytest.approx(0.011),
        other.pk: 0.5,
    }


def test_nobody_has_taken_anything_yet(owner, task):
    assert energy_total(owner, task) == EnergyTotal()
    assert energy_totals(task) == {}


def test_one_query_for_a_person_and_two_for_everybody(rows, owner, stranger, task, entry):
    took(entry, 0.01)
    rows.accepted_dataset(stranger, task).energies.create(attempt=1, phase="ingest", kwh=0.25, **PHASE)

    for ask, most in ((lambda: energy_total(owner, task), 1), (lambda: energy_totals(task), 2)):
        with CaptureQueriesContext(connection) as queries:
            ask()
        assert len(queries) == most
