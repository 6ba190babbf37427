"""A Redis of the campaign's own, with the accounts of an installation, that may lose its data or keep it."""

from __future__ import annotations

import subprocess
import threading
import time
from pathlib import Path
from typing import Self

import redis

from fixpoint.broker_accounts import PLATFORM
from fixpoint.embedded.broker import broker_accounts, broker_of_workers
from tests.support.sockets import port_for
from tests.worker.redis_server import server_path

PASSWORD = "the-platforms-in-a-campaign"
DUMP = "dump.rdb"


class Broker:
    """Writes its data down every second that changed it. `url` is the platform's, `workers_url` the workers'."""

    def __init__(self, folder: Path, listen: str, log: Path) -> None:
        self._folder, self._log = folder, log
        self._listen = sorted({"127.0.0.1", listen})
        self.port = port_for(self)
        self.url = f"redis://{PLATFORM}:{PASSWORD}@{listen}:{self.port}/0"
        self.workers_url = broker_of_workers(self.url)
        # Not among its data: that disk gets full.
        self._configuration = folder.with_suffix(".conf")
        self._configuration.write_text("".join(f"{line}\n" for line in self._lines()))
        self._process: subprocess.Popen[bytes] | None = None
        self._lock, self._is_over = threading.Lock(), False

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._is_over = True  # a fault that is mended only now must not start it again
        self.kill()

    @property
    def is_running(self) -> bool:
        """Whether the server lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it with what was written down last, and wait until it answers."""
        command = [server_path(), str(self._configuration)]
        with self._lock, self._log.open("ab") as out:
            if self._is_over:
                raise RuntimeError("The stack has ended.")
            # Two faults at once may both mend it: of a second server nobody would know the first.
            if not self.is_running:
                self._process = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True)
        deadline = time.monotonic() + 60
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

    def _lines(self) -> list[str]:
        return [
            f"bind {' '.join(self._listen)}",
            f"port {self.port}",
            *broker_accounts(self.url),
            f'dir "{self._folder}"',
            f"dbfilename {DUMP}",
            "save 1 1",
        ]

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_timeout=2) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False
