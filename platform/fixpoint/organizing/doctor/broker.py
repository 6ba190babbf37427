"""The broker: whether it answers, what waits in it, and what time it has."""

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, RedisError
from redis.retry import Retry

from fixpoint.celery import CHORES, SWEEPS
from fixpoint.dispatch.queues import DEVICES, queue_of
from fixpoint.organizing.doctor.advice import advice_on
from fixpoint.organizing.doctor.clocks import clock_finding
from worker.contract import Finding, Kind, Level

_TIMEOUT_SECONDS = 3.0
SWEEPS_WAITING = 12
"""Two minutes' sweeps: beat sends them, and nobody takes them."""


_SHARED = (queue_of(Kind.INGEST), *(queue_of(Kind.EVALUATE, device=device) for device in DEVICES))


def broker() -> Finding:
    """Whether it answers, with our password."""
    try:
        address = urlsplit(settings.CELERY_BROKER_URL)
        place = f"{address.hostname}:{address.port or 6379}"
    except ValueError:  # its words hold a part of the password
        advice = "in a password / # ? @ [ ] are written as %2F %23 …"
        return Finding(Level.FAIL, "FIXPOINT_BROKER_URL is no address", advice)
    if address.scheme not in {"redis", "rediss"}:
        return Finding(
            Level.FAIL, "its address is not of Redis", "set FIXPOINT_BROKER_URL to redis://platform:password@host/0"
        )
    try:
        with _client() as client:
            client.ping()
            version = client.info("server")["redis_version"]
    except AuthenticationError as error:
        advice = "put the account's name and password into FIXPOINT_BROKER_URL, on every worker its own"
        return Finding(Level.FAIL, f"Redis at {place} refuses the password: {error}", advice)
    except RedisError as error:
        return Finding(Level.FAIL, f"Redis at {place} does not answer: {error}", broker_advice())
    return Finding(Level.OK, f"Redis {version} answers at {place}")


def broker_clock(our_time: Callable[[], float] = time.time) -> Finding:
    """Its clock beside ours."""
    with _client() as client:
        client.ping()  # what connecting takes is no skew
        before = our_time()
        seconds, microseconds = client.time()
        after = our_time()
    return clock_finding(theirs=seconds + microseconds / 1e6, before=before, after=after)


def broker_queues() -> Finding:
    """How many messages wait in each queue. Sweeps are taken at once; the others may be many.

    Whether anybody comes to the platform's long work is told by its marks, as many datasets may wait rightly.
    """
    with _client() as client:
        depths = {name: int(client.llen(name)) for name in (*_SHARED, SWEEPS, CHORES)}
    found = ", ".join(f"{depth} in {name}" for name, depth in depths.items())
    if depths[SWEEPS] > SWEEPS_WAITING:
        return Finding(
            Level.FAIL,
            f"{found}: nobody takes those of {SWEEPS}",
            advice_on(program="jobs", service="platform-jobs"),
        )
    return Finding(Level.OK, found)


def broker_advice() -> str:
    """What to do where it does not answer."""
    return advice_on(program="redis", service="redis")


def _client() -> Redis:
    # Without its own retries, which multiply the timeouts.
    return Redis.from_url(
        settings.CELERY_BROKER_URL,
        socket_timeout=_TIMEOUT_SECONDS,
        socket_connect_timeout=_TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
