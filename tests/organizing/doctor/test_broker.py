"""The broker, a real one: there, away, hanging, with another password, with another clock, with jobs that wait."""

import time

import pytest
from redis import Redis

from fixpoint.organizing.doctor.broker import SWEEPS_WAITING, broker, broker_clock, broker_queues
from fixpoint.organizing.doctor.check import Check, examination
from tests.support.sockets import silent_port
from tests.worker.redis_server import PASSWORD
from worker.contract import Level


def test_a_broker_that_answers_is_told_with_its_version_and_place(redis_server):
    finding = broker()
    assert (finding.level, finding.advice) == (Level.OK, "")
    assert finding.found.startswith("Redis ")
    assert finding.found.endswith(f"127.0.0.1:{redis_server.port}")


def test_a_broker_that_is_down_fails_with_what_to_look_at(redis_server):
    redis_server.kill()
    finding = broker()
    assert finding.level is Level.FAIL
    assert "does not answer" in finding.found
    assert "docker-compose logs --tail 100 redis" in finding.advice


def test_without_a_stack_of_its_own_the_embedded_default_says_to_start_one(redis_server, settings):
    settings.IS_EMBEDDED = True
    redis_server.kill()
    assert "manage.py up" in broker().advice


def test_a_broker_that_takes_the_connection_and_says_nothing_is_given_up_soon(settings):
    settings.IS_EMBEDDED = False
    with silent_port() as port:
        settings.CELERY_BROKER_URL = f"redis://:{PASSWORD}@127.0.0.1:{port}/0"
        began = time.monotonic()
        finding = broker()
    assert finding.level is Level.FAIL
    assert time.monotonic() - began < 6


def test_another_password_is_told_as_such_and_not_repeated(redis_server, settings):
    settings.CELERY_BROKER_URL = redis_server.url.replace(PASSWORD, "mistaken")
    finding = broker()
    assert finding.level is Level.FAIL
    assert "refuses the password" in finding.found
    assert "mistaken" not in finding.line


@pytest.mark.parametrize("password", ["ab3d/Zk9=", "ab3d?Zk9", "ab3d#Zk9", "[ab3dZk9"])
def test_an_address_that_is_none_is_told_without_its_password(settings, password):
    settings.CELERY_BROKER_URL = f"redis://:{password}@redis:6379/0"
    [finding] = examination([Check("broker", broker, "")])
    assert (finding.level, finding.found) == (Level.FAIL, "FIXPOINT_BROKER_URL is no address")
    assert "ab3d" not in finding.line


def test_an_address_that_is_not_of_redis_fails(settings):
    settings.CELERY_BROKER_URL = "memory://"
    assert broker().level is Level.FAIL


@pytest.mark.parametrize(("minutes", "level"), [(0, "ok"), (0.1, "warn"), (-0.1, "warn"), (5, "warn"), (-5, "warn")])
def test_its_clock_is_set_beside_ours(redis_server, minutes, level):
    finding = broker_clock(lambda: time.time() - minutes * 60)
    assert finding.level == level
    assert (level == "ok") or ("ahead of" if minutes > 0 else "behind") in finding.found


def test_queues_are_told_with_their_depths(redis_server):
    with Redis.from_url(redis_server.url) as client:
        client.rpush("evaluate", *range(40))
    finding = broker_queues()
    assert (finding.level, finding.found) == (
        Level.OK,
        "0 in ingest, 40 in evaluate, 0 in evaluate.cpu, 0 in evaluate.gpu, 0 in platform, 0 in platform.chores",
    )


def test_chores_may_be_many(redis_server):
    with Redis.from_url(redis_server.url) as client:
        client.rpush("platform.chores", *range(400))
    finding = broker_queues()
    assert (finding.level, "400 in platform.chores" in finding.found) == (Level.OK, True)


def test_sweeps_that_nobody_takes_fail(redis_server):
    with Redis.from_url(redis_server.url) as client:
        client.rpush("platform", *range(SWEEPS_WAITING + 1))
    finding = broker_queues()
    assert finding.level is Level.FAIL
    assert "platform-jobs" in finding.advice
