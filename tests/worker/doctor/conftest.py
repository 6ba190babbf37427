"""Settings of a worker on a real broker, and a site that tells its terms."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace

import pytest

from tests.worker.programs import DIGEST
from tests.worker.redis_server import RedisServer
from tests.worker.scripted_platform import ScriptedPlatform
from worker.contract import CONTRACT, Terms
from worker.settings import Settings

TERMS = Terms(CONTRACT, {"quick": DIGEST})


@pytest.fixture
def broker_server() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


@pytest.fixture
def on_broker(worker_settings: Settings, broker_server: RedisServer) -> Settings:
    return replace(worker_settings, broker_url=broker_server.url)


@pytest.fixture
def pins(platform: ScriptedPlatform) -> Callable[[Terms], None]:
    """Makes the site tell these terms."""

    def pin(terms: Terms) -> None:
        platform.blobs["/api/worker/terms"] = json.dumps(asdict(terms)).encode()

    return pin
