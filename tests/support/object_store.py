"""The S3 server of the tests: Debian's Swift behind its S3 interface, in processes and a folder of its own."""

from __future__ import annotations

import os
import secrets
import select
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import boto3
from botocore.config import Config

from tests.support.sockets import port_for

SYSTEM_PYTHON = "/usr/bin/python3"
_SERVER = Path(__file__).with_name("swift") / "server.py"
_PATIENCE_SECONDS = 120


class ObjectStore:
    """Use it in a `with` block. What was stored outlives `stop` and `start`, and ends with the block."""

    access_key = "tests:fixpoint"

    def __init__(self) -> None:
        self.secret_key = secrets.token_hex(16)
        self.port = port_for(self)
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="fixpoint-s3-"))
        try:
            self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self._folder)

    def start(self) -> None:
        """Start the server, unless it runs, and wait until it takes requests."""
        if hasattr(self, "_server") and self._server.poll() is None:
            return
        command = [SYSTEM_PYTHON, str(_SERVER), str(self._folder), str(self.port), self.access_key, self.secret_key]
        with (self._folder / "log").open("ab") as log:
            # A bare environment: what the tests run under must not reach the system's Python.
            self._server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env={"PATH": "/usr/bin:/bin"})
        assert self._server.stdout is not None
        ready, _, _ = select.select([self._server.stdout], [], [], _PATIENCE_SECONDS)
        if not ready or self._server.stdout.readline() != b"ready\n":
            raise RuntimeError(f"Swift did not start: {(self._folder / 'log').read_text()}")

    def stop(self) -> None:
        """End the server; its address refuses connections from here on."""
        if not hasattr(self, "_server"):
            return
        self._server.send_signal(signal.SIGTERM)
        try:
            self._server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._server.kill()  # its children end with it
            self._server.wait()
        assert self._server.stdout is not None
        self._server.stdout.close()

    def pause(self) -> None:
        """From here on it takes connections and answers nothing."""
        self._each(signal.SIGSTOP)

    def go_on(self) -> None:
        """Answer again."""
        self._each(signal.SIGCONT)

    def client(self, **changes: Any) -> Any:
        """A client of boto3's, for what a test wants to know behind the platform's back."""
        keys = {"aws_access_key_id": self.access_key, "aws_secret_access_key": self.secret_key}
        config = Config(signature_version="s3v4", s3={"addressing_style": "path"})
        told = {"endpoint_url": self.url, "region_name": "us-east-1", "config": config}
        return boto3.client("s3", **(told | keys | changes))

    def bucket(self) -> str:
        """A new, empty one."""
        name = f"blobs-{secrets.token_hex(6)}"
        self.client().create_bucket(Bucket=name)
        return name

    def variables(self, bucket: str) -> dict[str, str]:
        """The environment that leads the platform to it."""
        return {
            "FIXPOINT_S3_BUCKET": bucket,
            "FIXPOINT_S3_ENDPOINT": self.url,
            "FIXPOINT_S3_ACCESS_KEY": self.access_key,
            "FIXPOINT_S3_SECRET_KEY": self.secret_key,
            "no_proxy": "127.0.0.1,localhost",
        }

    def _each(self, told: signal.Signals) -> None:
        for child in Path(f"/proc/{self._server.pid}/task/{self._server.pid}/children").read_text().split():
            os.kill(int(child), told)
