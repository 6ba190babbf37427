"""What an operator sees: workers by what they do, queues by what waits, and who waits for nobody."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from fixpoint.dispatch.chores import LATE
from fixpoint.dispatch.jobs import mark_chores
from fixpoint.dispatch.models import Attempt, Sweep, Worker
from fixpoint.dispatch.overview import overview, why_waiting
from fixpoint.dispatch.registry import worker_rest
from fixpoint.dispatch.sweeping import attempts_sweep
from tests.support.evaluating import start
from tests.support.hellos import hello_from
from tests.support.worker import ScriptedWorker, job_of
from worker.contract import CONTRACT


def states() -> dict[str, str]:
    return {each.worker.name: each.state for each in overview().workers}


def test_workers_are_told_by_what_they_do(worker, attempt):
    for name in ("worker-1", "worker-2", "worker-3"):
        hello_from(name)
    start(worker)
    worker_rest(name="worker-2", who="operator")
    Worker.objects.filter(pk="worker-3").update(heartbeat_at=timezone.now() - timedelta(hours=1))
    assert states() == {"worker-1": "working", "worker-2": "drained", "worker-3": "silent"}
    assert overview().workers[0].attempt == attempt
    assert overview().alive == 2

    worker_rest(name="worker-1", who="operator")
    assert states()["worker-1"] == "draining"


def test_a_queue_is_told_with_what_waits_since_when_and_who_takes_it(attempt):
    hello_from("worker-1")
    [evaluate] = [each for each in overview().queues if each.name == "evaluate"]
    assert (evaluate.waiting, evaluate.oldest, evaluate.workers) == (1, attempt.created_at, ("worker-1",))
    assert overview().waiting == 1
    assert overview().oldest == attempt.created_at
    assert overview().left == ()


def test_a_queue_that_nobody_takes_is_told_as_left(attempt):
    hello_from("worker-1", queues=("ingest",))
    assert [each.name for each in overview().left] == ["evaluate"]


@pytest.mark.django_db
def test_long_work_that_nobody_comes_to_is_told_and_waited_for_from_the_first_sweep_on():
    assert not overview().is_chore_late
    attempts_sweep()
    assert not overview().is_chore_late
    Sweep.objects.update(at=timezone.now() - LATE - timedelta(seconds=1))
    assert overview().is_chore_late
    attempts_sweep()
    assert overview().is_chore_late, "the sweeper waits for a mark and makes none"
    mark_chores()
    assert not overview().is_chore_late


@pytest.mark.django_db
def test_without_sweeps_it_says_so():
    assert not overview().is_swept
    Sweep.objects.create(pk=1, at=timezone.now())
    assert overview().is_swept
    Sweep.objects.update(at=timezone.now() - timedelta(minutes=5))
    assert not overview().is_swept


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({}, "no recipe"),
        ({"contract": CONTRACT + 1}, "contract"),
        ({"recipe_digests": {"a recipe": "its digest"}}, ""),
    ],
)
def test_what_is_wrong_with_a_worker_is_told(facts, says):
    hello_from("worker-1", **facts)
    [one] = overview().workers
    assert says in one.trouble
    assert bool(says) is bool(one.trouble)


@pytest.mark.django_db
def test_a_clash_is_trouble_for_an_hour():
    for instance in ("first", "second", "first"):
        hello_from("one", instance=instance, recipe_digests={"a recipe": "its digest"})
    assert "Two processes" in overview().workers[0].trouble
    Worker.objects.update(clashed_at=timezone.now() - timedelta(minutes=61))
    assert overview().workers[0].trouble == ""


def test_the_number_of_queries_does_not_grow(attempt, django_assert_num_queries):
    for number in range(5):
        hello_from(f"worker-{number}", queues=("ingest", "evaluate", f"evaluate.lab-{number}"))
    Attempt.objects.update(refusal="It holds another recipe.", refused_at=timezone.now())
    with django_assert_num_queries(4):
        assert len(overview().queues) == 7
    with django_assert_num_queries(5):
        assert len(overview(refusals=True).queues) == 7


def test_of_many_refusals_the_newest_of_each_queue_is_told_to_who_asks(attempt):
    now = timezone.now()
    for queue, minutes in (("evaluate", 2), ("evaluate", 1), ("evaluate", 3), ("ingest", 2), ("ingest", 5)):
        Attempt.objects.create(
            handler="submission", kind="evaluate", subject_id=uuid4(), number=1, queue=queue,
            refusal=f"{minutes} minutes ago", refused_at=now - timedelta(minutes=minutes),
        )  # fmt: skip
    assert {each.name: each.refusal for each in overview(refusals=True).queues} == {
        "evaluate": "1 minutes ago",
        "ingest": "2 minutes ago",
    }
    assert not any(each.refusal for each in overview().queues)


@pytest.mark.django_db
def test_queues_of_a_tasks_own_workers_are_one_sum_to_strangers():
    hello_from("one", queues=("ingest", "evaluate.lab"))
    hello_from("two", queues=("evaluate.lab", "evaluate.secret"))
    Attempt.objects.create(handler="submission", kind="evaluate", subject_id=uuid4(), number=1, queue="evaluate.lab")
    [ingest, others] = overview().public_queues
    assert ingest.name == "ingest"
    assert (others.name, others.waiting, others.workers) == ("", 1, ("one", "two"))
    assert others.oldest is not None


def test_who_waits_hears_why(worker, attempt, entry):
    assert "No worker takes such entries" in why_waiting(entry.pk)
    hello_from("worker-1")
    assert why_waiting(entry.pk) == ""
    worker.claim(recipe_digests={})
    assert "does not hold this task's recipe" in why_waiting(entry.pk)
    worker.claim()
    assert why_waiting(entry.pk) == ""


def test_who_waits_for_a_second_try_hears_that(attempt, entry):
    hello_from("worker-1")
    Attempt.objects.filter(pk=attempt.pk).update(not_before=timezone.now() + timedelta(minutes=1))
    assert "tried again in a moment" in why_waiting(entry.pk)


def test_a_drained_worker_gets_nothing_even_before_it_hears_of_it(attempt):
    hello_from("worker-1")
    worker_rest(name="worker-1", who="operator")
    refused = ScriptedWorker(job_of(attempt)).claim()
    assert refused.status_code == 409
    assert "drained" in refused.json()["detail"]
    assert ScriptedWorker(job_of(attempt), name="worker-2").claim().status_code == 200


def test_a_drained_worker_keeps_what_it_holds(worker):
    hello_from("worker-1")
    assert worker.claim().status_code == 200
    worker_rest(name="worker-1", who="operator")
    assert worker.claim().status_code == 200
    assert worker.beat().json() == {"answer": "continue"}
