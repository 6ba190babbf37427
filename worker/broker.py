"""The broker as a worker's account may use it: its queues, books of its own, no scripts, no bindings.

Redis' rules for an account name keys and commands (docs/operations.md, "Workers on other machines"). What kombu does
beyond a queue and its books would widen them for all workers, so it is not done here.
"""

from __future__ import annotations

import ssl
from time import time
from typing import Any
from urllib.parse import unquote, urlsplit

from kombu import Queue
from kombu.transport import redis

from worker.contract import REDELIVERY_SECONDS


class AccountQoS(redis.QoS):
    """Hands unacknowledged jobs out again without kombu's lock.

    The lock is let go by a Lua script, and an account that may run scripts may stop Redis for everybody. It saves work
    and no more: each job is put back in a transaction of its own, which only one of several workers wins.
    """

    channel: Any
    _vrestore_count: int

    def restore_visible(self, start: int = 0, num: int | None = None, interval: int = 10) -> None:
        """Put back what has been in hand for longer than the visibility timeout, at every so many calls."""
        self._vrestore_count += 1
        if (self._vrestore_count - 1) % (interval or 1):
            return
        with self.channel.conn_or_acquire() as client:
            overdue = client.zrange(
                self.unacked_index_key,
                time() - self.visibility_timeout,
                0,
                desc=True,
                byscore=True,
                offset=num and start,
                num=num,
            )
            for tag in overdue:
                self.restore_by_tag(tag, client)


class AccountChannel(redis.Channel):
    """kombu's, with the books above."""

    QoS = AccountQoS


class AccountTransport(redis.Transport):
    """kombu's, with the channel above."""

    Channel = AccountChannel


def broker_options(url: str, queues: tuple[str, ...]) -> dict[str, Any]:
    """Celery's settings for this broker and these queues."""
    # Not declared: that would write into tables which all workers share, and nothing looks into them.
    options: dict[str, Any] = {"task_queues": [Queue(name, no_declare=True) for name in queues]}
    address = urlsplit(url)
    if address.scheme not in {"redis", "rediss"}:
        return options
    options["broker_transport"] = "worker.broker:AccountTransport"
    options["broker_transport_options"] = {
        "visibility_timeout": REDELIVERY_SECONDS,
        "socket_keepalive": True,
        # One step: no job has a priority, and each step is a key of its own.
        "priority_steps": [0],
        **books(unquote(address.username or "")),
    }
    if address.scheme == "rediss":
        # kombu would encrypt and believe any certificate.
        options["broker_use_ssl"] = {"ssl_cert_reqs": ssl.CERT_REQUIRED}
    return options


def books(account: str) -> dict[str, str]:
    """Keys of what an account's workers have in hand: one account neither sees nor takes another's jobs."""
    end = f":{account}" if account else ""
    return {f"{name}_key": f"{name}{end}" for name in ("unacked", "unacked_index", "unacked_mutex")}
