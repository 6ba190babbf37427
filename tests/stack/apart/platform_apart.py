"""The platform in a network namespace of its own: Redis with accounts, and the site behind TLS."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from fixpoint.broker_accounts import OPERATOR, PLATFORM, WORKER, accounts_file, hash_of, worker_account
from tests.stack.apart import network
from tests.support.certificates import certificates
from tests.support.migrated import place_migrated
from tests.worker.redis_server import PASSWORD, server_path

ROOT = Path(__file__).resolve().parents[3]
SITE = f"https://{network.PLATFORM}:8443"
REQUEST = re.compile(r'INFO:\s+([\d.]+):\d+ - "(GET|PUT|POST) (\S+) HTTP/[\d.]+" (\d+)')


@dataclass(frozen=True)
class Request:
    """A line of the site's access log."""

    client: str
    method: str
    path: str
    status: int


@dataclass
class PlatformApart:
    """Use it in a `with` block. `told` goes to every process of it."""

    net: network.Network
    home: Path
    told: dict[str, str] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self.home.mkdir(parents=True)
        self.certificates = certificates(self.home / "certificates", network.PLATFORM)
        self._running: list[subprocess.Popen[bytes]] = []
        try:
            self._start_redis()
            place_migrated(self.home)
            self._start_site()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self._running):
            process.kill()
            process.wait()

    def broker(self, account: str) -> str:
        """Redis' address under this account."""
        return f"redis://{account}:{PASSWORD}@{network.PLATFORM}:6379/0"

    def manage(self, *arguments: str) -> str:
        """What one of the commands prints, in the platform's namespace."""
        command = self.net.inside(self.net.platform, sys.executable, "manage.py", *arguments)
        done = subprocess.run(
            command, cwd=ROOT, env=self._environment(), capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def call(self, code: str) -> Any:
        """What a call of tests/stack/apart/rows.py prints, as JSON."""
        line = f"from tests.stack.apart.rows import enter, prepare; {code}"
        said = self.manage("shell", "--no-imports", "-v", "0", "-c", line)
        return json.loads(said) if said.strip() else None

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database holds."""
        with closing(sqlite3.connect(f"file:{self.home / 'fixpoint.sqlite3'}?mode=ro", uri=True)) as database:
            return database.execute(query, values).fetchall()

    def requests(self) -> list[Request]:
        """Everything that the site was asked, in order."""
        found = REQUEST.findall((self.home / "web.log").read_text())
        return [Request(client, method, path, int(status)) for client, method, path, status in found]

    def blob(self, sha256: str) -> Path:
        """Where the store keeps a blob."""
        [path] = [each for each in (self.home / "blobs").rglob("*") if each.name.endswith(sha256)]
        return path

    def _start_redis(self) -> None:
        hashes = dict.fromkeys((OPERATOR, PLATFORM, WORKER), hash_of(PASSWORD))
        private = [worker_account(name, hash_of(PASSWORD), ["evaluate"]) for name in ("left", "right")]
        accounts = self.home / "users.acl"
        accounts.write_text(accounts_file(hashes) + "\n".join(private) + "\n")
        options = ["--bind", network.PLATFORM, "--port", "6379", "--save", "", "--aclfile", str(accounts)]
        self._start("redis", server_path(), *options)

    def _start_site(self) -> None:
        host, port = network.PLATFORM, "8443"
        tls = ["--ssl-keyfile", str(self.certificates.key), "--ssl-certfile", str(self.certificates.certificate)]
        uvicorn = [sys.executable, "-m", "uvicorn", "fixpoint.asgi:application", "--lifespan", "off", "--no-use-colors"]
        self._start("web", *uvicorn, "--host", host, "--port", port, *tls)
        look = f"import socket; socket.create_connection(({host!r}, {port}), 1)"
        deadline = time.monotonic() + 120
        while subprocess.run(
            self.net.inside(self.net.platform, sys.executable, "-c", look), capture_output=True
        ).returncode:
            assert time.monotonic() < deadline, (self.home / "web.log").read_text()

    def _start(self, name: str, *command: str) -> None:
        with (self.home / f"{name}.log").open("wb") as out:
            self._running.append(
                subprocess.Popen(
                    self.net.inside(self.net.platform, *command),
                    cwd=ROOT, env=self._environment(), stdout=out, stderr=out,
                )
            )  # fmt: skip

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("FIXPOINT_", "DJANGO_"))}
        return inherited | {
            "PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT)]),
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": "fixpoint.settings",
            "FIXPOINT_HOME": str(self.home),
            "FIXPOINT_SITE_URL": SITE,
            "FIXPOINT_ALLOWED_HOSTS": network.PLATFORM,
            "FIXPOINT_BROKER_URL": self.broker(PLATFORM),
            **self.told,
        }
