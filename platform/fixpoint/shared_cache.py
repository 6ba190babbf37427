"""What all web processes count together, in the broker's Redis; while that is away each process counts by itself."""

import json
import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

PREFIX = "fixpoint-cache"
"""Of every key, so that Redis' rules can name them (broker_accounts.py)."""


MOST_COUNTERS = 50_000
"""Of those that a process keeps itself; Django's 300 would forget a third of those who are being counted."""


class PlainSerializer:
    """Numbers, texts and lists as JSON: whatever lies in Redis becomes no code when it is read."""

    def dumps(self, value: Any) -> bytes | int:
        """Whole numbers as they are: Redis adds to them."""
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, data: bytes) -> Any:
        """The value that was put."""
        return json.loads(data)


class SharedCache(RedisCache):
    """Redis' cache, which asks nobody to wait: a brake that fails must not keep people from signing in."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {"socket_timeout": 1, "socket_connect_timeout": 1, "serializer": PlainSerializer}
        super().__init__(server, params | {"KEY_PREFIX": PREFIX, "OPTIONS": options | params.get("OPTIONS", {})})
        self._own = LocMemCache(f"beside {server}", {"KEY_PREFIX": PREFIX, "OPTIONS": {"MAX_ENTRIES": MOST_COUNTERS}})

    def add(self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """True where there was none."""
        return bool(self._asked(lambda cache: cache.add(key, value, timeout, version)))

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """What was put, else the default."""
        return self._asked(lambda cache: cache.get(key, default, version))

    def set(self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Put it."""
        self._asked(lambda cache: cache.set(key, value, timeout, version))

    def delete(self, key: str, version: int | None = None) -> bool:
        """Whether there was one."""
        return bool(self._asked(lambda cache: cache.delete(key, version)))

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """The sum. ValueError where there is none yet."""
        return int(self._asked(lambda cache: cache.incr(key, delta, version)))

    def _asked(self, ask: Callable[[Any], Any]) -> Any:
        try:
            return ask(super())
        except RedisError as error:
            log.warning("Redis does not answer for the brakes, this process counts by itself: %s", error)
            return ask(self._own)
