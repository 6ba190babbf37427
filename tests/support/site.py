"""The site alone, in processes and a home of its own: no broker, no workers. A test plays the worker."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
from pydantic import TypeAdapter

from tests.support.migrated import migrate_postgres, place_migrated
from tests.support.sockets import port_for
from worker.contract import Job

ROOT = Path(__file__).resolve().parents[2]
_JOBS = TypeAdapter(list[Job])
_OPEN_JOBS = """
import json
from dataclasses import asdict
from fixpoint.dispatch.models import Attempt
from tests.support.worker import job_of
print(json.dumps([asdict(job_of(each)) for each in Attempt.objects.filter(ended_at=None).order_by("created_at")]))
"""


class Site:
    """Use it in a `with` block; `url` is there once it answers."""

    def __init__(self, home: Path, *, web_processes: int = 1, **told: str) -> None:
        self.home = home
        self._told = told
        self._web_processes = web_processes
        self.port = port_for(self)
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        if "FIXPOINT_DATABASE_URL" in self._told:
            self.home.mkdir(parents=True, exist_ok=True)
            migrate_postgres(self._told["FIXPOINT_DATABASE_URL"])
        else:
            place_migrated(self.home)
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """Of the web process; of the one that starts the others where there are several."""
        return self._web.pid

    def start(self) -> None:
        """The web, until it answers; after `kill` again, at the same address."""
        command = [sys.executable, "-m", "uvicorn", "fixpoint.asgi:application", "--port", str(self.port)]
        # As in docker-compose.yml no request meets the end of a connection that rested, and no process is killed that a
        # busy machine holds up.
        command += ["--timeout-keep-alive", "130"]
        if self._web_processes > 1:
            command += ["--workers", str(self._web_processes), "--timeout-worker-healthcheck", "60"]
        with (self.home / "web.log").open("ab") as out:
            self._web = subprocess.Popen(
                [*command, "--lifespan", "off"], cwd=ROOT, env=self.environment(), stdout=out, stderr=out
            )
        try:
            self._wait()
        except BaseException:
            self.stop()  # nobody else will: whoever starts it has no site to end
            raise

    def stop(self) -> None:
        """SIGTERM to the web, which ends in order."""
        self._web.terminate()
        self._web.wait(timeout=30)

    def kill(self) -> None:
        """SIGKILL to the web: nothing of it can end in order."""
        self._web.kill()
        self._web.wait(timeout=30)

    def ask(self, code: str) -> str:
        """What these lines of Python print in a process that sees this site's database."""
        return self.manage("shell", "--no-imports", "-v", "0", "-c", code).strip()

    def manage(self, *arguments: str) -> str:
        """What one of the commands prints."""
        answer = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return answer.stdout

    def jobs(self) -> list[Job]:
        """What the broker would carry: the jobs of all open attempts."""
        return _JOBS.validate_python(json.loads(self.manage("shell", "--no-imports", "-v", "0", "-c", _OPEN_JOBS)))

    def environment(self) -> dict[str, str]:
        """Of every process of it."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("FIXPOINT_", "DJANGO_"))}
        return inherited | {
            "PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT)]),
            "DJANGO_SETTINGS_MODULE": "fixpoint.settings",
            "FIXPOINT_HOME": str(self.home),
            "FIXPOINT_SITE_URL": self.url,
            "FIXPOINT_BROKER_URL": "memory://",
            **self._told,
        }

    def _wait(self) -> None:
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline and self._web.poll() is None:
            try:
                if httpx.get(f"{self.url}/healthz", trust_env=False).is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError((self.home / "web.log").read_text())
