"""The campaign's Redis: the accounts of an installation, and data that a death leaves or takes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from tests.faults.campaign.broker import Broker


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    (tmp_path / "redis").mkdir()
    with Broker(tmp_path / "redis", "127.0.0.1", tmp_path / "redis.log") as broker:
        yield broker


def test_workers_have_an_account_of_their_own_that_does_not_reach_the_platforms_jobs(broker: Broker):
    with redis.Redis.from_url(broker.workers_url) as workers:
        assert workers.lpush("evaluate", "a job") == 1
        with pytest.raises(redis.exceptions.NoPermissionError):
            workers.lpush("platform", "a job")


def test_nobody_comes_in_without_an_account(broker: Broker):
    with (
        redis.Redis("127.0.0.1", broker.port) as nobody,
        pytest.raises((redis.AuthenticationError, redis.exceptions.NoPermissionError)),
    ):
        nobody.ping()


def test_it_comes_back_empty_once_it_was_told_to_forget(broker: Broker):
    with redis.Redis.from_url(broker.url) as platform:
        platform.lpush("platform", "a job")
    broker.kill()
    broker.forget()
    broker.start()
    with redis.Redis.from_url(broker.url) as platform:
        assert platform.llen("platform") == 0


def test_mended_twice_at_once_it_is_one_server_that_ends_with_the_stack(broker: Broker):
    broker.kill()
    for _ in range(2):
        broker.start()
    broker.kill()
    with redis.Redis.from_url(broker.url) as platform, pytest.raises(redis.ConnectionError):
        platform.ping()
