"""Statements that are put together once read and write as Django's own do, on both databases."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.transaction import TransactionManagementError

from fixpoint.accounts.models import Notice
from fixpoint.statements.asking import Later
from fixpoint.statements.inserts import row_insert, rows_insert
from fixpoint.statements.selects import Kept
from fixpoint.statements.updates import KeptUpdate
from fixpoint.submissions.models import Epoch, Submission, SubmissionEnergy, SubmissionTransition
from fixpoint.submissions.services import submission_enter
from fixpoint.tasks.models import Task

MOMENT = datetime(2026, 3, 4, 5, 6, 7, 89, tzinfo=UTC)
EPOCH = {"attempt": 1, "epochs": 9, "loss": 1.5, "accuracy": 0.5, "val_loss": 2.0, "val_accuracy": 0.25}
ENERGY = {"phase": "train", "seconds": 1.0, "level": "M1", "method": "CPU-seconds", "kwh": 0.5}

ALL = Kept(lambda: Submission.objects.filter(pk=Later("pk")).select_related("task", "dataset", "owner"))
HELD = Kept(lambda: Submission.objects.filter(pk=Later("pk")).select_for_update())
AFTER = Kept(lambda: Submission.objects.filter(created_at__gt=Later("moment")).values_list("pk", "seeds", "created_at"))
COUNTED = KeptUpdate(
    lambda: Task.objects.filter(pk=Later("pk")), to={"board_number": F("board_number") + 1}, returning="board_number"
)
UNNAMED = KeptUpdate(lambda: Task.objects.filter(pk=Later("pk")), to={"title": None})
UNNAMED_ANSWERED = KeptUpdate(lambda: Task.objects.filter(pk=Later("pk")), to={"title": None}, returning="title")
STARTED = KeptUpdate(
    lambda: Submission.objects.filter(pk=Later("pk"), status=Later("status")), ("started_at", "seeds", "status")
)


@pytest.fixture
def entry(rows, owner, task):
    return submission_enter(owner=owner, dataset=rows.accepted_dataset(owner, task))


@pytest.fixture
def other(rows, owner, task):
    return submission_enter(owner=owner, dataset=rows.accepted_dataset(owner, task))


def values_of(row) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def epochs(entry, *numbers: int) -> list[Epoch]:
    return [Epoch(submission=entry, seed=0, epoch=number, **EPOCH) for number in numbers]


def test_a_row_is_read_as_django_reads_it_with_what_is_selected_beside_it(
    entry, other, owner, django_assert_num_queries
):
    for each in (entry, other):
        with django_assert_num_queries(1):
            found = ALL.first(pk=each.pk)
            beside = found.task, found.dataset, found.owner
        assert found == each
        assert values_of(found) == values_of(Submission.objects.get(pk=each.pk))
        assert [values_of(row) for row in beside] == [
            values_of(type(row).objects.get(pk=row.pk)) for row in (each.task, each.dataset, owner)
        ]


def test_a_row_that_was_read_is_saved_as_any_other(entry):
    found = ALL.first(pk=entry.pk)
    found.title = "another"
    found.save()
    assert Submission.objects.get().title == "another"


def test_what_matches_nothing_is_none(entry):
    assert ALL.first(pk=entry.task_id) is None


def test_what_must_be_there_and_is_not_is_no_value_out_of_shape(entry):
    assert ALL.one(pk=entry.pk) == entry
    with pytest.raises(Submission.DoesNotExist):
        ALL.one(pk=entry.task_id)


def test_values_alone_are_read_as_django_reads_them(entry):
    before = datetime(2020, 1, 1, tzinfo=UTC)
    assert AFTER.tuples(moment=before) == [(entry.pk, entry.seeds, entry.created_at)]
    assert AFTER.tuples(moment=entry.created_at) == []


@pytest.mark.django_db(transaction=True)
def test_nothing_is_held_outside_a_transaction_however_often_it_was_inside(rows, owner, task):
    entry = submission_enter(owner=owner, dataset=rows.accepted_dataset(owner, task))
    with transaction.atomic():
        assert HELD.first(pk=entry.pk) == entry
    with pytest.raises(TransactionManagementError):
        HELD.first(pk=entry.pk)


def test_columns_are_set_where_the_values_match_and_nowhere_else(entry, other):
    columns = {"started_at": MOMENT, "seeds": [3, 5], "status": "training"}
    assert STARTED.run(columns, pk=entry.pk, status="queued") == 1
    assert STARTED.run(columns, pk=entry.pk, status="queued") == 0
    entry.refresh_from_db()
    other.refresh_from_db()
    assert (entry.started_at, entry.seeds, entry.status) == (MOMENT, [3, 5], "training")
    assert (other.started_at, other.status) == (None, "queued")


def test_a_column_is_set_to_null(entry):
    STARTED.run({"started_at": MOMENT, "seeds": [1], "status": "training"}, pk=entry.pk, status="queued")
    STARTED.run({"started_at": None, "seeds": [1], "status": "queued"}, pk=entry.pk, status="training")
    entry.refresh_from_db()
    assert entry.started_at is None


def test_an_update_answers_with_what_it_made(task):
    first, second = (COUNTED.answer(pk=task.pk) for _ in range(2))
    assert second == [first[0] + 1]
    task.refresh_from_db()
    assert [task.board_number] == second


def test_a_row_is_inserted_as_saved_and_gets_its_number(entry):
    row = SubmissionTransition(submission=entry, attempt=1, from_status="a", to_status="b", why="it is", who="me")
    row_insert(row)
    assert values_of(row) == values_of(SubmissionTransition.objects.get(pk=row.pk))
    assert row.at is not None
    row.why = "it was"
    row.save()
    assert SubmissionTransition.objects.get(pk=row.pk).why == "it was"


@pytest.mark.parametrize("count", [1, 2, 101])
def test_what_is_there_stays_as_it_is_where_that_is_asked(entry, count):
    rows_insert(epochs(entry, 1), ignores=True)
    Epoch.objects.update(loss=9.0)
    rows_insert(epochs(entry, *range(1, count + 1)), ignores=True)
    assert list(Epoch.objects.values_list("epoch", flat=True)) == list(range(1, count + 1))
    assert Epoch.objects.get(epoch=1).loss == 9.0


def test_what_is_there_is_an_error_where_that_is_not_asked(entry):
    rows_insert(epochs(entry, 1, 2))
    with pytest.raises(IntegrityError), transaction.atomic():
        rows_insert(epochs(entry, 2, 3))
    assert Epoch.objects.count() == 2


def test_what_is_there_is_written_anew_where_that_is_asked(entry):
    for kwh in (0.5, None):
        row = SubmissionEnergy(submission=entry, attempt=1, codecarbon_modes={"cpu": "x"}, **ENERGY | {"kwh": kwh})
        rows_insert([row], unique=("submission", "attempt", "phase"), updated=("kwh", "codecarbon_modes"))
    found = SubmissionEnergy.objects.get()
    assert (found.kwh, found.seconds, found.codecarbon_modes) == (None, 1.0, {"cpu": "x"})


def test_rows_of_several_people_are_inserted_at_once(owner, stranger, django_assert_num_queries):
    notices = [Notice(user=each, subject="s", kind="site", text="t", path="/") for each in (owner, stranger)]
    with django_assert_num_queries(1):
        rows_insert(notices)
    assert {each.user_id for each in Notice.objects.all()} == {owner.pk, stranger.pk}


@pytest.mark.parametrize(
    "fails",
    [
        lambda entry: rows_insert(epochs(entry, 1, 1)),
        lambda entry: UNNAMED.run(pk=entry.task_id),
        lambda entry: UNNAMED_ANSWERED.answer(pk=entry.task_id),
    ],
)
def test_of_a_transaction_in_which_a_statement_failed_nothing_is_kept(entry, fails):
    before = Task.objects.get().board_number

    with pytest.raises(TransactionManagementError):
        failed_between(entry, fails)

    assert Task.objects.get().board_number == before


@transaction.atomic
def failed_between(entry, fails) -> None:
    COUNTED.answer(pk=entry.task_id)
    with pytest.raises(IntegrityError):
        fails(entry)
    COUNTED.answer(pk=entry.task_id)


def test_no_rows_are_no_statement(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        rows_insert([])
