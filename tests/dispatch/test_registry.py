"""The list of workers: who may stand on it, what it tells, and how one is drained."""

import json
from dataclasses import asdict
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from fixpoint.dispatch.models import Worker
from fixpoint.dispatch.registry import (
    LivingWorkerError,
    UnknownWorkerError,
    worker_forget,
    worker_rest,
    worker_resume,
    worker_token,
    workers_of,
)
from tests.support.hellos import hello_from, hello_of

pytestmark = pytest.mark.django_db


def post(body: object, token: str):
    headers = {"Authorization": f"Bearer {token}"}
    return Client().post("/api/worker/hello", json.dumps(body), content_type="application/json", headers=headers)


def test_a_worker_tells_of_itself_and_is_told_to_work(settings):
    answer = post(asdict(hello_of("one", gpu=True)), settings.WORKER_TOKEN)
    assert (answer.status_code, answer.json()) == (200, {"duty": "work", "hello_seconds": settings.HELLO_SECONDS})
    worker = Worker.objects.get()
    assert (worker.name, worker.gpu, worker.sandbox, worker.is_alive, worker.is_working) == (
        "one", True, "docker", True, True,
    )  # fmt: skip
    assert worker.queues == ["ingest", "evaluate", "evaluate.cpu"]


def test_a_worker_tells_of_itself_four_times_before_it_would_count_as_gone(settings):
    settings.WORKER_SILENT_SECONDS = 4
    answer = post(asdict(hello_of("one")), settings.WORKER_TOKEN)
    assert answer.json()["hello_seconds"] == 1.0


def test_a_token_for_one_worker_speaks_for_no_other():
    mine = worker_token("one")
    assert post(asdict(hello_of("one")), mine).status_code == 200
    assert post(asdict(hello_of("two")), mine).status_code == 403
    assert list(Worker.objects.values_list("name", flat=True)) == ["one"]


@pytest.mark.parametrize("token", ["", "guessed", "ключ"])
def test_a_stranger_is_not_listed(token):
    assert post(asdict(hello_of("one")), token).status_code == 403
    assert not Worker.objects.exists()


@pytest.mark.parametrize(
    "body", [[], {}, {"worker": "one"}, asdict(hello_of("one")) | {"gpu": "perhaps"}, asdict(hello_of("one\0"))]
)
def test_what_is_no_hello_is_refused_and_not_an_error_of_ours(body, settings):
    assert post(body, settings.WORKER_TOKEN).status_code == 422


def test_a_worker_that_fell_silent_is_not_counted_on():
    hello_from("one")
    Worker.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=1))
    worker = Worker.objects.get()
    assert not worker.is_alive
    assert not worker.is_working
    assert workers_of("evaluate") == []


def test_who_takes_a_queue_is_told_by_queue_and_device():
    hello_from("cpu")
    hello_from("gpu", queues=("evaluate", "evaluate.cpu", "evaluate.gpu"), gpu=True)
    hello_from("lab", queues=("evaluate.lab",))

    def takers(queue: str) -> list[str]:
        return [each.name for each in workers_of(queue)]

    assert takers("evaluate") == ["cpu", "gpu"]
    assert takers("evaluate.cpu") == ["cpu"]
    assert takers("evaluate.gpu") == ["gpu"]
    assert takers("evaluate.lab") == ["lab"]
    assert takers("evaluate.lab.gpu") == []


def test_a_drained_worker_is_told_to_rest_until_it_may_work_again(settings):
    hello_from("one")
    worker_rest(name="one", who="operator")
    assert post(asdict(hello_of("one")), settings.WORKER_TOKEN).json()["duty"] == "rest"
    assert not Worker.objects.get().is_working
    assert post(asdict(hello_of("one", instance="its next life")), settings.WORKER_TOKEN).json()["duty"] == "rest"

    worker_resume(name="one")
    assert post(asdict(hello_of("one")), settings.WORKER_TOKEN).json()["duty"] == "work"


def test_a_name_that_nobody_bears_is_told_with_those_that_are_known():
    hello_from("one")
    for act in (worker_rest, worker_resume, worker_forget):
        who = {"who": "operator"} if act is worker_rest else {}
        with pytest.raises(UnknownWorkerError, match="No worker is named 'two'; known are: one"):
            act(name="two", **who)


def test_a_restart_is_no_clash_and_two_processes_of_one_name_are():
    hello_from("one", instance="first")
    hello_from("one", instance="second")
    assert Worker.objects.get().clashed_at is None
    hello_from("one", instance="first")
    assert Worker.objects.get().clashed_at is not None


def test_a_worker_that_is_gone_is_forgotten():
    hello_from("one")
    Worker.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=1))
    worker_forget(name="one")
    assert not Worker.objects.exists()


def test_a_worker_that_lives_is_not_forgotten_and_stays_drained():
    hello_from("one")
    worker_rest(name="one", who="operator")
    with pytest.raises(LivingWorkerError, match="one is alive: it would be back"):
        worker_forget(name="one")
    hello_from("one")
    assert Worker.objects.get().resting_since is not None


@pytest.mark.parametrize(
    "facts",
    [
        {"queues": ("evaluate", "celery")},
        {"queues": ("evaluate.lab.gpu.more",)},
        {"queues": ("evaluate\n",)},
        {"queues": ("evaluate.<b>",)},
        {"queues": tuple(f"evaluate.lab-{number}" for number in range(21))},
        {"versions": {str(number): "1" for number in range(31)}},
        {"versions": {"python": "3" * 101}},
        {"versions": {"p" * 101: "3"}},
        {"recipe_digests": {str(number): "1" for number in range(51)}},
        {"recipe_digests": {"recipe": "1" * 101}},
        {"contract": 0},
        {"contract": -1},
        {"contract": 2**31},
    ],
)
def test_a_hello_beyond_bounds_is_refused_and_not_an_error_of_ours(facts, settings):
    assert post(asdict(hello_of("one", **facts)), settings.WORKER_TOKEN).status_code == 422
    assert not Worker.objects.exists()


def test_a_hello_up_to_its_bounds_is_taken(settings):
    queues = ("ingest", "ingest.lab", "evaluate.lab.gpu", *(f"evaluate.lab-{number}" for number in range(17)))
    facts = {
        "queues": queues,
        "versions": {f"{number}": "1" * 100 for number in range(30)},
        "recipe_digests": {f"{number}": "1" * 64 for number in range(50)},
        "contract": 1,
    }
    assert post(asdict(hello_of("one", **facts)), settings.WORKER_TOKEN).status_code == 200


def test_a_process_with_a_long_instance_is_the_same_at_its_next_hello():
    first = hello_from("one", instance="x" * 60).started_at
    assert hello_from("one", instance="x" * 60).started_at == first
