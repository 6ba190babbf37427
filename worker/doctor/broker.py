"""The broker as a worker sees it, whose account may be allowed little: whether it answers, and what time it has."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, NoPermissionError, RedisError
from redis.retry import Retry

from worker.contract import Finding, Level
from worker.settings import Settings

SKEW_SECONDS = 2.0
_TIMEOUT_SECONDS = 3.0


def broker(settings: Settings) -> Finding:
    """Whether it answers, with our password."""
    address = urlsplit(settings.broker_url)
    place = f"{address.hostname}:{address.port or 6379}"
    try:
        with _client(settings) as client:
            client.ping()
            with client.pipeline() as asking:
                # Names the queues' keys, and does nothing with them.
                asking.watch(*settings.queues)
    except AuthenticationError as error:
        advice = "put the account's name and password into FIXPOINT_BROKER_URL"
        return Finding(Level.FAIL, f"Redis at {place} refuses the password: {error}", advice)
    except NoPermissionError:
        advice = "see FIXPOINT_QUEUES, or let an account be made for them: manage.py worker_account NAME --queues …"
        found = f"Redis at {place} does not let this account take {', '.join(settings.queues)}"
        return Finding(Level.FAIL, found, advice)
    except RedisError as error:
        advice = "see that Redis runs and that this host reaches it; FIXPOINT_BROKER_URL is its address"
        return Finding(Level.FAIL, f"Redis at {place} does not answer: {error}", advice)
    return Finding(Level.OK, f"Redis answers at {place}")


def broker_clock(settings: Settings, our_time: Callable[[], float]) -> Finding:
    """Its clock beside ours."""
    try:
        with _client(settings) as client:
            client.ping()  # what connecting takes is no skew
            before = our_time()
            seconds, microseconds = client.time()
            after = our_time()
    except NoPermissionError:
        return Finding(Level.WARN, "this account may not ask", "allow it: ACL SETUSER … +time")
    except RedisError:
        return Finding(Level.WARN, "not checked", "see broker first")
    skew, unsure = seconds + microseconds / 1e6 - (before + after) / 2, (after - before) / 2
    found = f"{abs(skew):.2f} s {'ahead of' if skew > 0 else 'behind'} ours (± {unsure:.2f} s)"
    if abs(skew) - unsure > SKEW_SECONDS:
        return Finding(Level.WARN, found, "let NTP set the clocks of both hosts (timedatectl set-ntp true)")
    return Finding(Level.OK, found)


def _client(settings: Settings) -> Redis:
    # Without its own retries, which multiply the timeouts.
    return Redis.from_url(
        settings.broker_url,
        socket_timeout=_TIMEOUT_SECONDS,
        socket_connect_timeout=_TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
