"""How long a queue is, asked of a real broker."""

import pytest
from kombu.exceptions import OperationalError

from fixpoint.celery import app, broker_use
from fixpoint.dispatch.sending import jobs_waiting
from tests.worker.redis_server import RedisServer


@pytest.fixture
def broker(settings):
    """A broker that the platform uses for the length of a test."""
    before = app.conf.broker_url
    with RedisServer() as redis:
        broker_use(redis.url)
        app.amqp._producer_pool = app._pool = None  # what was connected stays with the old address
        yield redis
    broker_use(before)
    app.amqp._producer_pool = app._pool = None


def test_a_queue_is_as_long_as_what_was_sent_to_it(broker):
    assert jobs_waiting("evaluate") == 0
    for _ in range(3):
        app.send_task("worker.evaluate", args=[{}], queue="evaluate")
    assert (jobs_waiting("evaluate"), jobs_waiting("ingest")) == (3, 0)


def test_a_broker_that_is_away_is_said_and_not_waited_for(broker):
    broker.kill()
    with pytest.raises(OperationalError):
        jobs_waiting("evaluate")
