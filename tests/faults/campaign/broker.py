"""A Redis of the campaign's own, with a folder for its data, that may lose it or keep it."""

from __future__ import annotations

import socket
import subprocess
import time
from pathlib import Path
from typing import Self

import redis

from tests.worker.redis_server import server_path

PASSWORD = "for-a-campaign"
DUMP = "dump.rdb"


class Broker:
    """Writes its data down every second in which something changed."""

    def __init__(self, folder: Path, listen: str, log: Path) -> None:
        self._folder, self._log = folder, log
        self._listen = sorted({"127.0.0.1", listen})
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"redis://:{PASSWORD}@{listen}:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @property
    def is_running(self) -> bool:
        """Whether the server lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it with what was written down last, and wait until it answers."""
        options = [
            *("--port", str(self.port), "--bind", *self._listen, "--save", "1", "1", "--requirepass", PASSWORD),
            *("--dir", str(self._folder), "--dbfilename", DUMP),
        ]
        with self._log.open("ab") as out:
            self._process = subprocess.Popen([server_path(), *options], stdout=out, stderr=out, start_new_session=True)
        deadline = time.monotonic() + 20
        while not self._answers():
            if time.monotonic() > deadline:
                raise TimeoutError("Redis did not start.")
            time.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def forget(self) -> None:
        """Lose everything; call it while the server is down."""
        (self._folder / DUMP).unlink(missing_ok=True)

    def _answers(self) -> bool:
        try:
            with redis.Redis("127.0.0.1", self.port, password=PASSWORD, socket_timeout=2) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False
