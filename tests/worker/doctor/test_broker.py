"""The broker as a worker sees it: there, away, hanging, with another password, allowed little, with another clock."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from redis import Redis

from tests.support.sockets import silent_port
from tests.worker.redis_server import PASSWORD, RedisServer
from worker.contract import Level
from worker.doctor.broker import broker, broker_clock
from worker.settings import Settings


def test_a_broker_that_answers_is_told_by_its_place(on_broker: Settings, broker_server: RedisServer) -> None:
    finding = broker(on_broker)

    assert (finding.level, finding.found) == (Level.OK, f"Redis answers at 127.0.0.1:{broker_server.port}")


def test_a_broker_that_is_down_fails_and_its_clock_is_not_asked(
    on_broker: Settings, broker_server: RedisServer
) -> None:
    broker_server.kill()

    assert broker(on_broker).level is Level.FAIL
    assert broker_clock(on_broker, time.time).level is Level.WARN


def test_a_broker_that_says_nothing_is_given_up_soon(worker_settings: Settings) -> None:
    with silent_port() as port:
        began = time.monotonic()
        finding = broker(replace(worker_settings, broker_url=f"redis://:{PASSWORD}@127.0.0.1:{port}/0"))

    assert finding.level is Level.FAIL
    assert time.monotonic() - began < 6


def test_another_password_is_told_as_such(on_broker: Settings) -> None:
    finding = broker(replace(on_broker, broker_url=on_broker.broker_url.replace(PASSWORD, "mistaken")))

    assert finding.level is Level.FAIL
    assert "refuses the password" in finding.found


def test_an_account_that_may_not_ask_the_time_is_told_how_it_might(on_broker: Settings) -> None:
    with Redis.from_url(on_broker.broker_url) as client:
        client.execute_command("ACL", "SETUSER", "small", "on", ">small", "+ping", "+client", "+select")
    url = on_broker.broker_url.replace(f":{PASSWORD}", "small:small")

    finding = broker_clock(replace(on_broker, broker_url=url), time.time)

    assert (finding.level, "+time" in finding.advice) == (Level.WARN, True)


@pytest.mark.parametrize(("seconds", "level"), [(0, "ok"), (20, "warn"), (-20, "warn")])
def test_its_clock_is_set_beside_ours(on_broker: Settings, seconds: int, level: str) -> None:
    assert broker_clock(on_broker, lambda: time.time() - seconds).level == level
