"""A try after a fault of ours: it waits longer each time, and another worker is asked first where there is one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fixpoint.dispatch.models import Attempt, Sweep
from fixpoint.dispatch.registry import worker_rest
from fixpoint.dispatch.sending import backoff
from fixpoint.dispatch.sweeping import attempts_sweep
from tests.support.evaluating import start
from tests.support.hellos import hello_from
from tests.support.worker import ScriptedWorker, job_of
from worker.contract import Fact, Fault, Phase

OURS = Fault(code="disk-full", detail="The worker has no room left on its disk.")


@pytest.fixture
def sent(monkeypatch) -> list[int]:
    numbers: list[int] = []
    monkeypatch.setattr("fixpoint.celery.app.send_task", lambda name, args, **_: numbers.append(args[0]["attempt"]))
    return numbers


@pytest.fixture(autouse=True)
def _awake(db, sent):
    Sweep.objects.create(pk=1, at=timezone.now())


@pytest.fixture
def second(worker) -> Attempt:
    """The second try of an entry whose first failed on worker-1, due now."""
    start(worker)
    assert worker.report(Fact.ERROR, Phase.TRAIN, fault=OURS).status_code == 200
    due(Attempt.objects.get(number=2))
    return Attempt.objects.get(number=2)


def due(attempt: Attempt, *, ago: float = 0) -> None:
    now = timezone.now()
    created_at = now - timedelta(minutes=1)
    Attempt.objects.filter(pk=attempt.pk).update(not_before=now - timedelta(seconds=ago), created_at=created_at)


def of(attempt: Attempt, name: str) -> ScriptedWorker:
    return ScriptedWorker(job_of(attempt), name=name, key=f"a key of {name}")


def test_each_try_waits_four_times_as_long_as_the_one_before(settings):
    settings.RETRY_SECONDS = 15
    assert [backoff(number).total_seconds() for number in (1, 2, 3, 4)] == [0, 15, 60, 240]


def test_a_second_try_is_not_sent_before_its_time(worker, sent, settings, django_capture_on_commit_callbacks):
    start(worker)
    with django_capture_on_commit_callbacks(execute=True):
        worker.report(Fact.ERROR, Phase.TRAIN, fault=OURS)
    again = Attempt.objects.get(number=2)
    assert again.not_before - again.created_at >= timedelta(seconds=settings.RETRY_SECONDS - 1)
    Attempt.objects.filter(pk=again.pk).update(created_at=timezone.now() - timedelta(hours=1))
    attempts_sweep()
    assert sent == []

    due(again)
    attempts_sweep()
    assert sent == [2]


def test_another_worker_of_the_queue_is_asked_first(second, sent):
    hello_from("worker-1")
    hello_from("worker-2")
    Attempt.objects.filter(pk=second.pk).update(sent_at=timezone.now(), sends=1)

    refused = of(second, "worker-1").claim()

    assert refused.status_code == 409
    assert "another is asked first" in refused.json()["detail"]
    attempts_sweep()
    assert sent == [2]
    assert of(second, "worker-2").claim().status_code == 200


@pytest.mark.parametrize(
    "others",
    [
        {},
        {"queues": ("ingest",)},
        {"queues": ("evaluate.gpu",), "gpu": True},
        {"resting": True},
        {"silent": True},
    ],
)
def test_where_no_other_takes_such_jobs_the_same_worker_gets_it_at_once(second, others):
    hello_from("worker-1")
    if others:
        resting, silent = others.pop("resting", False), others.pop("silent", False)
        other = hello_from("worker-2", **others)
        if resting:
            worker_rest(name="worker-2", who="an operator")
        if silent:
            type(other).objects.filter(pk="worker-2").update(heartbeat_at=timezone.now() - timedelta(minutes=5))

    assert of(second, "worker-1").claim().status_code == 200


def test_after_a_while_the_same_worker_may_have_it(second, settings):
    hello_from("worker-1")
    hello_from("worker-2")
    due(second, ago=settings.AVOID_SECONDS + 1)
    assert of(second, "worker-1").claim().status_code == 200


def test_who_has_claimed_it_is_answered_again_whatever_happens_around(second):
    worker = of(second, "worker-1")
    assert worker.claim().status_code == 200
    hello_from("worker-2")
    assert worker.claim().status_code == 200


def test_an_entry_that_takes_every_worker_down_is_set_aside(entry, settings):
    for number in range(1, settings.MAX_ATTEMPTS + 1):
        attempt = Attempt.objects.get(number=number)
        start(of(attempt, f"worker-{number}"))
        Attempt.objects.filter(pk=attempt.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        attempts_sweep()
    entry.refresh_from_db()
    assert (entry.status, entry.quota) == ("error", "released")

    last = Attempt.objects.get(number=settings.MAX_ATTEMPTS)
    assert of(last, "worker-1").claim().status_code == 409
    Attempt.objects.update(created_at=timezone.now() - timedelta(days=1))
    attempts_sweep()
    assert not Attempt.objects.filter(ended_at=None).exists()
