"""A real Redis with the accounts of an installation, and one more that a command printed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from fixpoint.broker_accounts import OPERATOR, PLATFORM, WORKER, accounts_file, hash_of, worker_account
from tests.worker.redis_server import PASSWORD, RedisServer


@pytest.fixture
def accounts(tmp_path: Path) -> Path:
    path = tmp_path / "users.acl"
    known = accounts_file(dict.fromkeys((OPERATOR, PLATFORM, WORKER), hash_of(PASSWORD)))
    private = worker_account("lab", hash_of(PASSWORD), ["evaluate.lab", "ingest.lab"])
    path.write_text(f"{known}{private}\n")
    return path


@pytest.fixture
def broker(accounts: Path) -> Iterator[RedisServer]:
    with RedisServer(accounts) as server:
        yield server


@pytest.fixture
def operator(broker: RedisServer) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(broker.url, decode_responses=True) as client:
        yield client
