"""The worker as it is started, under an account of Redis that may take its queue's jobs and do no more."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import redis
from celery import Celery

from fixpoint.broker_accounts import OPERATOR, PLATFORM, PLATFORM_BOOKS, WORKER, accounts_file, hash_of
from tests.worker.conftest import EVALUATE
from tests.worker.redis_server import PASSWORD, RedisServer
from tests.worker.scripted_platform import ScriptedPlatform
from tests.worker.worker_process import Worker, wait_for
from worker.broker import broker_options
from worker.contract import EVALUATE_TASK, Claim, Level
from worker.doctor.broker import broker as doctors_look
from worker.doctor.broker import broker_clock
from worker.settings import read


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[RedisServer]:
    path = tmp_path / "users.acl"
    path.write_text(accounts_file(dict.fromkeys((OPERATOR, PLATFORM, WORKER), hash_of(PASSWORD))))
    with RedisServer(path) as server:
        yield server


@pytest.fixture
def operator(broker: RedisServer) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(broker.url, decode_responses=True) as client:
        yield client


def send(broker: RedisServer, queue: str = "evaluate") -> None:
    with Celery("platform", broker=broker.url_of("platform")) as app:
        app.conf.broker_transport_options = {"priority_steps": [0], **PLATFORM_BOOKS}
        app.send_task(EVALUATE_TASK, args=[asdict(EVALUATE)], queue=queue, ignore_result=True)


def refusals(operator: redis.Redis) -> list[str]:
    """What Redis refused the workers' account; not that the client library may not tell of itself."""
    refused = [str(each["object"]) for each in operator.acl_log() if each["username"] == "worker"]
    return [each for each in refused if each.partition("|")[0] != "client"]


def test_its_account_lets_it_take_a_job_carry_it_out_and_acknowledge_it(
    platform: ScriptedPlatform,
    broker: RedisServer,
    operator: redis.Redis,
    model: Callable[[float], None],
    evaluation: Callable[..., Claim],
    hold: Path,
    tmp_path: Path,
) -> None:
    evaluation()
    model(0.0)
    hold.touch()
    with Worker(platform, broker, tmp_path, FIXPOINT_BROKER_URL=broker.url_of("worker")) as worker:
        send(broker)
        wait_for(lambda: platform.facts == ["started:train"], f"the start of training; {worker.log}")
        assert operator.hlen("unacked:worker") == 1
        hold.unlink()
        wait_for(lambda: platform.facts[-1:] == ["predicted:predict"], "a prediction")
        wait_for(lambda: operator.hlen("unacked:worker") == operator.zcard("unacked_index:worker") == 0, "the end")

    assert refusals(operator) == []
    assert list(operator.scan_iter("unacked*")) == [], "nobody keeps books in common"


def test_what_a_killed_worker_had_in_hand_is_handed_out_again(
    platform: ScriptedPlatform,
    broker: RedisServer,
    operator: redis.Redis,
    model: Callable[[float], None],
    evaluation: Callable[..., Claim],
    tmp_path: Path,
) -> None:
    evaluation()
    model(60.0)
    told = {"FIXPOINT_BROKER_URL": broker.url_of("worker")}
    with Worker(platform, broker, tmp_path, **told) as worker:
        send(broker)
        wait_for(lambda: platform.facts == ["started:train"], "the start of training")
        worker.process.kill()
        worker.process.wait()
    # As if the visibility timeout had passed.
    [tag] = operator.hkeys("unacked:worker")
    operator.zadd("unacked_index:worker", {tag: 1})
    model(0.0)

    with Worker(platform, broker, tmp_path, **told) as successor:
        wait_for(lambda: platform.facts[-1:] == ["predicted:predict"], f"a prediction; {successor.log}")
        wait_for(lambda: operator.zcard("unacked_index:worker") == 0, "its acknowledgement")

    assert len(platform.claims) == 2
    assert refusals(operator) == []


def test_a_job_that_a_stopping_worker_did_not_begin_goes_back_to_the_queue(
    platform: ScriptedPlatform,
    broker: RedisServer,
    operator: redis.Redis,
    model: Callable[[float], None],
    evaluation: Callable[..., Claim],
    hold: Path,
    tmp_path: Path,
) -> None:
    evaluation()
    model(0.0)
    hold.touch()
    with Worker(platform, broker, tmp_path, FIXPOINT_BROKER_URL=broker.url_of("worker")) as worker:
        for _ in range(3):
            send(broker)
        wait_for(lambda: platform.facts == ["started:train"], "the start of training")
        worker.process.terminate()
        wait_for(lambda: "Warm shutdown" in worker.log, f"its shutdown; {worker.log}")
        hold.unlink()
        worker.process.wait(120)

    assert operator.llen("evaluate") == 2
    assert operator.hlen("unacked:worker") == 0
    assert refusals(operator) == []


def test_the_workers_doctor_works_under_its_account(broker: RedisServer, tmp_path: Path) -> None:
    settings = read(
        {
            "FIXPOINT_BROKER_URL": broker.url_of("worker"),
            "FIXPOINT_PLATFORM_URL": "http://127.0.0.1:1",
            "FIXPOINT_WORKER_SCRATCH": str(tmp_path),
        }
    )

    assert [doctors_look(settings).level, broker_clock(settings, time.time).level] == [Level.OK, Level.OK]
    other = doctors_look(replace(settings, queues=("evaluate", "evaluate.lab")))
    assert (other.level, "does not let this account take evaluate, evaluate.lab" in other.found) == (Level.FAIL, True)


def test_a_broker_by_tls_must_show_a_certificate_that_is_trusted() -> None:
    assert broker_options("rediss://worker:x@broker/0", ("evaluate",))["broker_use_ssl"]["ssl_cert_reqs"]
    assert "broker_use_ssl" not in broker_options("redis://worker:x@broker/0", ("evaluate",))
