"""Every change of a status is a compare-and-swap along the table NEXT, and the database holds what must never be."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from fixpoint.datasets.models import Dataset
from fixpoint.states import IllegalTransitionError, status_change
from fixpoint.submissions.models import Result, Run, Submission
from fixpoint.submissions.services import submission_enter
from fixpoint.tasks.models import Material

STATEFUL = [Dataset, Submission, Material]
WAYS_BACK = {(Dataset, "error", "ingesting"), (Material, "error", "ingesting"), (Material, "refused", "ingesting")}
"""Organizers may have our own faults read again, and replace a label book that was refused; nothing else leaves one."""
FINAL = {Dataset: Dataset.FINAL, Submission: Submission.FINAL, Material: frozenset({"ready", "refused", "error"})}


@pytest.fixture
def entry(rows, owner, task):
    return submission_enter(owner=owner, dataset=rows.accepted_dataset(owner, task))


def run_of(entry, attempt: int = 1) -> Run:
    return Run.objects.create(submission=entry, attempt=attempt, outcome={}, provenance={})


def result_of(entry, run) -> Result:
    return Result(
        submission=entry,
        run=run,
        correct=b"",
        accuracy_public=0.5,
        hidden_images=4,
        val_accuracy=0.5,
        per_seed=[],
        gflop=1.0,
        standardised_kwh=0.1,
    )


@pytest.mark.parametrize("model", STATEFUL)
def test_the_table_covers_every_status_and_names_no_other(model):
    assert set(model.NEXT) == set(model.Status.values)
    assert set().union(*model.NEXT.values()) <= set(model.Status.values)


@pytest.mark.parametrize("model", STATEFUL)
def test_nothing_leaves_a_final_state(model):
    ways = {(model, old, new) for old in FINAL[model] for new in model.NEXT[old]}
    assert ways <= WAYS_BACK


@pytest.mark.parametrize("model", STATEFUL)
def test_every_state_can_be_reached_and_every_other_one_can_end(model):
    first = model._meta.get_field("status").default
    reached, waiting = {first}, [first]
    while waiting:
        for status in model.NEXT[waiting.pop()] - reached:
            reached.add(status)
            waiting.append(status)
    assert reached == set(model.Status.values)
    assert all(model.NEXT[status] for status in set(model.Status.values) - FINAL[model])


def test_a_change_is_written_with_when_from_to_why_and_who(entry):
    assert status_change(entry, to="training", why="started", who="worker")
    assert entry.status == "training"
    change = entry.transitions.last()
    assert (change.from_status, change.to_status, change.why, change.who, change.attempt) == (
        "queued",
        "training",
        "started",
        "worker",
        1,
    )
    assert change.at is not None


def test_values_are_set_with_the_status_in_the_row_and_in_the_copy(entry):
    status_change(entry, to="training", why="started", quota="charged")
    assert entry.quota == "charged"
    entry.refresh_from_db()
    assert (entry.status, entry.quota) == ("training", "charged")


def test_whoever_comes_second_gets_a_quiet_no(entry):
    stale = Submission.objects.get(pk=entry.pk)
    assert status_change(entry, to="training", why="first")
    assert not status_change(stale, to="cancelled", why="second")
    assert stale.status == "queued", "a copy that lost the race is not changed"
    entry.refresh_from_db()
    assert entry.status == "training"
    assert entry.transitions.filter(why="second").count() == 0


def test_a_copy_of_an_earlier_attempt_changes_nothing(entry):
    stale = Submission.objects.get(pk=entry.pk)
    assert status_change(entry, to="queued", why="lost", attempt=2)
    assert not status_change(stale, to="training", why="late")
    entry.refresh_from_db()
    assert (entry.status, entry.attempt) == ("queued", 2)


@pytest.mark.parametrize("to", ["scored", "predicting", "failed"])
def test_what_the_table_does_not_have_is_a_fault_of_ours(entry, to):
    with pytest.raises(IllegalTransitionError, match=f"queued → {to}"):
        status_change(entry, to=to, why="wrong")
    entry.refresh_from_db()
    assert entry.status == "queued"
    assert entry.transitions.count() == 1


def test_reasons_and_names_of_any_length_fit(entry):
    assert status_change(entry, to="training", why="y" * 1000, who="w" * 1000)
    change = entry.transitions.last()
    assert (len(change.why), len(change.who)) == (500, 150)


@pytest.mark.parametrize(
    "values",
    [
        {"status": "scored", "accuracy": None},
        {"status": "queued", "accuracy": 0.5},
        {"status": "failed", "accuracy": 0.5},
        {"status": "scored", "accuracy": 1.01},
        {"status": "scored", "accuracy": -0.01},
    ],
)
def test_the_database_knows_no_score_without_scored_and_no_scored_without_a_score(entry, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.filter(pk=entry.pk).update(**values)


def test_a_status_change_that_would_score_without_a_number_leaves_no_trace(entry):
    for to in ("training", "predicting"):
        status_change(entry, to=to, why=to)
    with pytest.raises(IntegrityError), transaction.atomic():
        status_change(entry, to="scored", why="no number")
    assert entry.transitions.filter(to_status="scored").count() == 0


def test_an_entry_has_one_result_and_a_run_too(entry, rows, stranger, task):
    first = run_of(entry)
    result_of(entry, first).save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        result_of(entry, run_of(entry, attempt=2)).save(force_insert=True)
    other = submission_enter(owner=stranger, dataset=rows.accepted_dataset(stranger, task))
    with pytest.raises(IntegrityError), transaction.atomic():
        result_of(other, first).save(force_insert=True)


def test_an_attempt_has_one_run(entry):
    run_of(entry)
    with pytest.raises(IntegrityError), transaction.atomic():
        run_of(entry)


def test_what_is_entered_keeps_its_dataset_task_and_owner(entry):
    for kept in (entry.dataset, entry.task, entry.owner):
        with pytest.raises(ProtectedError):
            kept.delete()
