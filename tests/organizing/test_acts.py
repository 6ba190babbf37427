"""What organizers do is written down with it, and stands."""

import pytest
from django.db import DatabaseError, connection, transaction

from fixpoint.organizing.acts import What, act_record
from fixpoint.organizing.models import Act, ForGoodError
from tests.support.platform import open_task, person


@pytest.fixture
def task(db):
    return open_task()


@pytest.fixture
def act(task):
    return act_record(
        who=person("organizer"), task=task, what=What.PAUSED, why=" A worker is ill. ", details={"paused": True}
    )


def test_an_act_says_who_did_what_to_what_and_why(task, act):
    act.refresh_from_db()

    assert (act.who, act.what, act.subject_type, act.subject_id) == ("organizer", "paused", "task", str(task.pk))
    assert (act.label, act.why, act.details) == ("Numerals", "A worker is ill.", {"paused": True})
    assert str(act.what_label) == "Paused the task"


def test_an_act_is_gone_with_what_it_is_about_if_that_fails(task):
    with transaction.atomic():
        act_record(who="organizer", task=task, what=What.PAUSED)
        transaction.set_rollback(True)

    assert not Act.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_act_is_refused_outside_a_transaction():
    task = open_task()

    with pytest.raises(RuntimeError, match="in the transaction"):
        act_record(who="organizer", task=task, what=What.PAUSED)


def test_no_act_is_changed(act):
    act.why = "Another reason."

    with pytest.raises(ForGoodError):
        act.save()
    with pytest.raises(ForGoodError):
        Act.objects.update(why="Another reason.")


def test_no_act_is_deleted(act):
    with pytest.raises(ForGoodError):
        act.delete()
    with pytest.raises(ForGoodError):
        Act.objects.filter(pk=act.pk).delete()


def test_the_database_refuses_to_change_an_act_too(act):
    with pytest.raises(DatabaseError, match="once and for good"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE organizing_act SET why = 'Another reason.'")


def test_postgresql_refuses_to_delete_one(act):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's tables are emptied row by row in tests: there the model refuses it alone")
    with pytest.raises(DatabaseError, match="once and for good"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM organizing_act")
