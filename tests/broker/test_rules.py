"""The rules on a real Redis: each account at the doors that are closed to it, and the platform at its own."""

from collections.abc import Iterator
from io import StringIO

import pytest
import redis
from celery import Celery
from django.core.management import call_command
from kombu.transport.redis import Mutex
from redis.exceptions import AuthenticationError, NoPermissionError

from fixpoint.broker_accounts import PLATFORM_BOOKS
from fixpoint.organizing.doctor import broker as doctor
from tests.worker.redis_server import RedisServer
from worker.contract import EVALUATE_TASK, Level

REFUSED = [
    "KEYS *", "SCAN 0", "CONFIG GET *", "CONFIG SET dir /tmp", "FLUSHALL", "FLUSHDB", "ACL LIST", "ACL WHOAMI",
    "MONITOR", "DEBUG SLEEP 0", "SHUTDOWN NOSAVE", "SCRIPT FLUSH", "EVAL 0 0", "CLIENT LIST",
    "CLIENT KILL ID 1", "INFO", "PUBLISH x y", "SUBSCRIBE x", "SAVE", "REPLICAOF NO ONE", "DEL evaluate",
    "LRANGE evaluate 0 -1", "RENAME evaluate x", "MOVE evaluate 1", "SWAPDB 0 1", "HGETALL unacked:worker",
    "GET x", "SET x y", "DBSIZE", "RANDOMKEY", "MIGRATE h 1 evaluate 0 1", "RESET",
]  # fmt: skip
OTHERS = [
    "LPUSH platform x", "BRPOP platform 1", "LPUSH platform.chores x", "BRPOP platform.chores 1",
    "LPUSH evaluate.lab x", "BRPOP evaluate.lab 1",
    "RPUSH evaluate.other x", "BRPOP evaluate evaluate.lab 1", "HGET unacked x", "HGET unacked:lab x",
    "HSET unacked:platform a b", "ZRANGE unacked_index:lab 0 -1", "ZADD unacked_index:platform 1 a",
    "HGET _kombu.binding.evaluate x", "WATCH platform",
]  # fmt: skip


@pytest.fixture
def worker(broker: RedisServer) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(broker.url_of("worker"), decode_responses=True) as client:
        yield client


@pytest.mark.parametrize("command", [*REFUSED, *OTHERS])
def test_a_worker_may_not(worker, command):
    with pytest.raises(NoPermissionError):
        worker.execute_command(*command.split())


def test_an_account_of_ones_own_reaches_neither_the_shared_queues_nor_what_their_workers_have_in_hand(broker):
    with redis.Redis.from_url(broker.url_of("lab")) as lab:
        lab.rpush("evaluate.lab", "x")
        assert lab.brpop(["evaluate.lab"], 1)
        for command in ("BRPOP evaluate 1", "LPUSH ingest x", "HGET unacked:worker x", "LPUSH evaluate.lab.gpu x"):
            with pytest.raises(NoPermissionError):
                lab.execute_command(*command.split())


def test_nobody_enters_without_a_name_nor_with_another_password(broker):
    for address in (f"redis://127.0.0.1:{broker.port}/0", f"redis://:x@127.0.0.1:{broker.port}/0",
                    f"redis://worker:x@127.0.0.1:{broker.port}/0"):  # fmt: skip
        with redis.Redis.from_url(address) as client, pytest.raises(AuthenticationError):
            client.ping()


def test_the_platform_sends_to_every_queue_and_may_not_administer(broker, operator):
    queues = [
        "platform",
        "platform.chores",
        "ingest",
        "ingest.lab",
        "evaluate",
        "evaluate.gpu",
        "evaluate.lab",
        "evaluate.lab.gpu",
    ]
    with Celery("platform", broker=broker.url_of("platform")) as app:
        app.conf.broker_transport_options = {"priority_steps": [0], **PLATFORM_BOOKS}
        for queue in queues:
            app.send_task(EVALUATE_TASK, args=[{}], queue=queue, ignore_result=True)

    assert [operator.llen(queue) for queue in queues] == [1] * len(queues)
    with redis.Redis.from_url(broker.url_of("platform")) as platform:
        for command in ("KEYS *", "FLUSHALL", "CONFIG GET *", "ACL LIST", "PUBLISH x y", "HGET unacked:worker x"):
            with pytest.raises(NoPermissionError):
                platform.execute_command(*command.split())


def test_the_platforms_doctor_works_under_its_account(broker, settings):
    settings.CELERY_BROKER_URL = broker.url_of("platform")

    assert [check().level for check in (doctor.broker, doctor.broker_clock, doctor.broker_queues)] == [Level.OK] * 3


def test_what_the_command_prints_is_understood_by_redis_at_once_and_after_a_new_start(
    broker, accounts, operator, settings
):
    settings.CELERY_BROKER_URL = broker.url_of("platform")
    out = StringIO()
    call_command("worker_account", "guest", "--queues", "evaluate.guest", stdout=out)
    said = out.getvalue().splitlines()
    [line] = [each for each in said if each.startswith("user guest ")]
    [now] = [each for each in said if each.startswith("ACL SETUSER ")]
    [address] = [each.partition("=")[2] for each in said if each.startswith("FIXPOINT_BROKER_URL=")]

    operator.execute_command(*now.split())
    with redis.Redis.from_url(address) as guest:
        guest.rpush("evaluate.guest", "x")
        with pytest.raises(NoPermissionError):
            guest.rpush("evaluate", "x")

    accounts.write_text(accounts.read_text() + line + "\n")
    operator.acl_load()
    with redis.Redis.from_url(address) as guest:
        assert guest.brpop(["evaluate.guest"], 1)


def test_the_platform_may_take_and_let_go_the_lock_under_which_kombu_hands_jobs_out_again(broker):
    with redis.Redis.from_url(broker.url_of("platform")) as platform:
        for _ in range(2):
            with Mutex(platform, PLATFORM_BOOKS["unacked_mutex_key"], 60):
                assert platform.get(PLATFORM_BOOKS["unacked_mutex_key"]) is not None
        assert platform.get(PLATFORM_BOOKS["unacked_mutex_key"]) is None
