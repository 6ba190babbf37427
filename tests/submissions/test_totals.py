"""What all of a person's runs took: whatever came of them, what was entered read once, the platform's reruns not."""

from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fixpoint.leaderboard.selectors import board
from fixpoint.submissions.models import Submission
from fixpoint.submissions.services import submission_enter
from fixpoint.submissions.totals import EnergyTotal, energy_totals_of
from fixpoint.tasks.models import Task
from fixpoint.teams.models import Team
from tests.leaderboard.entering import IMAGES, enter_scored

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


def total(owner, task) -> EnergyTotal:
    return energy_totals_of(owner)[task.pk]


def test_every_attempt_counts_whatever_came_of_it(owner, task, entry):
    took(entry, 0.01, attempt=1)
    took(entry, 0.02, attempt=2)
    took(entry, 0.03, attempt=2, phase="predict")

    assert total(owner, task).kwh == pytest.approx(0.061)


def test_a_dataset_that_was_not_entered_is_on_nobodys_account(owner, dataset):
    assert energy_totals_of(owner) == {}


def test_a_dataset_that_was_entered_twice_was_read_once(owner, task, dataset, entry):
    submission_enter(owner=owner, dataset=dataset)

    assert total(owner, task).kwh == pytest.approx(0.001)


def test_what_was_not_measured_is_told_and_not_nought(owner, task, entry):
    took(entry, None)

    assert total(owner, task) == EnergyTotal(kwh=pytest.approx(0.001), unmeasured=1)


def test_what_the_platform_ran_again_is_on_nobodys_account(owner, task, dataset, entry):
    again = submission_enter(owner=owner, dataset=dataset)
    again.rerun_of = entry
    again.save()
    took(again, 5.0)

    assert total(owner, task).kwh == pytest.approx(0.001)


def test_a_baseline_is_on_nobodys_account(owner, dataset, entry):
    took(entry, 0.01)
    Submission.objects.filter(pk=entry.pk).update(role="baseline")

    assert energy_totals_of(owner) == {}


def test_other_people_and_other_tasks_are_apart(rows, owner, stranger, task, entry):
    took(entry, 0.01)
    other = rows.open_task(slug="other")
    for person, where, kwh in ((owner, other, 0.5), (stranger, task, 0.25)):
        theirs = rows.accepted_dataset(person, where)
        theirs.energies.create(attempt=1, phase="ingest", kwh=kwh, **PHASE)
        submission_enter(owner=person, dataset=theirs)

    assert {key: each.kwh for key, each in energy_totals_of(owner).items()} == {
        task.pk: pytest.approx(0.011),
        other.pk: 0.5,
    }
    assert total(stranger, task).kwh == 0.25


def test_nobody_has_taken_anything_yet(owner):
    assert energy_totals_of(owner) == {}


def test_two_queries_whatever_there_is(owner, entry):
    took(entry, 0.01)

    with CaptureQueriesContext(connection) as queries:
        energy_totals_of(owner)
    assert len(queries) == 2


@pytest.mark.parametrize("seed", range(3))
def test_of_who_is_alone_it_is_the_teams_total_of_the_board(rows, seed):
    random = Random(seed)
    task = rows.open_task(slug="drawn", hidden=IMAGES)
    people = [rows.person(name) for name in ("ada", "ben")]
    entries = [enter_scored(task, person, random) for person in people for _ in range(3)]
    for entry in entries:
        entry.dataset.energies.create(attempt=1, phase="ingest", kwh=random.random() / 1000, **PHASE)
        took(entry, random.random() / 1000, attempt=2)
    for person in people:
        rows.accepted_dataset(person, task).energies.create(attempt=1, phase="ingest", kwh=5.0, **PHASE)  # not entered
        twice, failed, again, apart = (enter_scored(task, person, random) for _ in range(4))
        Submission.objects.filter(pk=twice.pk).update(dataset=entries[people.index(person) * 3].dataset)
        Submission.objects.filter(pk=failed.pk).update(status="failed", accuracy=None)
        Submission.objects.filter(pk=again.pk).update(rerun_of=twice)
        Submission.objects.filter(pk=apart.pk).update(role="baseline")

    shown = board(Task.objects.get(pk=task.pk))

    captains = {each.pk: each.captain for each in Team.objects.select_related("captain")}
    assert len(shown.accuracy) == 2
    for row in shown.accuracy:
        assert row.team_kwh == pytest.approx(total(captains[row.team.id], task).kwh)
        assert 0 < row.team_kwh < 1
