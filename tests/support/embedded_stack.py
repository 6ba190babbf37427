"""The embedded stack as a person starts it: `manage.py up` in a process and a home of its own."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.migrated import migrate_postgres, place_migrated

ROOT = Path(__file__).resolve().parents[2]
PROC = Path("/proc")
_ADDRESS = re.compile(r"is up at (http://\S+)")


@dataclass(frozen=True)
class Process:
    """A process of this machine; `started` tells it from a later one of the same number."""

    pid: int
    started: int
    command: str

    @property
    def is_alive(self) -> bool:
        """Whether this very process still runs; one that only waits to be buried does not."""
        now = process_at(self.pid)
        return now is not None and now.started == self.started


@dataclass
class EmbeddedStack:
    """Use it in a `with` block; `url` is there once it answers. One that `begins_empty` makes its tables first."""

    home: Path
    sandbox: str
    told: dict[str, str] = field(default_factory=dict)
    url: str = ""
    begins_empty: bool = False

    def __enter__(self) -> Self:
        if not self.begins_empty:
            self._place_tables()
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--port", "0", "--sandbox", self.sandbox],
            cwd=ROOT,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.url = self._address(seconds=300)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()
        if error is not None:
            sys.stderr.write(self.logs())

    def environment(self) -> dict[str, str]:
        """Of `up` and of every other command that is to speak with it."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("FIXPOINT_", "DJANGO_"))}
        path = os.pathsep.join([str(ROOT / "platform"), str(ROOT)])
        return inherited | {"FIXPOINT_HOME": str(self.home), "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"} | self.told

    def manage(self, *arguments: str, seconds: float = 300) -> subprocess.CompletedProcess[str]:
        """One of the commands, against this stack."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment(), capture_output=True, text=True, timeout=seconds, check=False
        )

    def import_task(self, bundle: Path) -> None:
        """Import a task and wait until it is open."""
        answer = self.manage("task_import", str(bundle), "--wait")
        assert answer.returncode == 0, answer.stdout + answer.stderr + self.logs()

    def ask(self, code: str) -> str:
        """What a line of Python prints in a process that sees this stack's database."""
        answer = self.manage("shell", "--no-imports", "-v", "0", "-c", code)
        assert answer.returncode == 0, answer.stderr
        return answer.stdout.strip()

    def processes(self) -> dict[int, Process]:
        """`up` and all that descends from it, sandboxed programs too, by number."""
        known = [self.process.pid]
        for pid in known:
            known += [child for child in children(pid) if child not in known]
        return {found.pid: found for pid in known if (found := process_at(pid)) is not None}

    def process_of(self, *words: str) -> Process:
        """The one process whose command holds all these words."""
        [found] = [each for each in self.processes().values() if all(word in each.command for word in words)]
        return found

    def end(self) -> None:
        """SIGTERM to `up`, and wait for it."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=120)
        if self.process.stdout is not None:
            self.process.stdout.close()

    def logs(self) -> str:
        """The end of what every program said."""
        parts = sorted((self.home / "logs").glob("*"))
        return "\n".join(f"== {path.name}\n{path.read_text(errors='replace')[-3000:]}" for path in parts)

    def _place_tables(self) -> None:
        if url := self.told.get("FIXPOINT_DATABASE_URL"):
            migrate_postgres(url)
        else:
            place_migrated(self.home)

    def _address(self, seconds: float) -> str:
        deadline, said = time.monotonic() + seconds, ""
        stream = self.process.stdout
        assert stream is not None
        while time.monotonic() < deadline:
            ready, _, _ = select.select([stream], [], [], 0.5)
            # Not readline: it takes two lines at once and keeps the second where select does not see it.
            said += os.read(stream.fileno(), 65536).decode() if ready else ""
            if found := _ADDRESS.search(said):
                return found[1]
            if self.process.poll() is not None:
                break
        self.end()
        raise AssertionError(f"The stack did not come up: {said}{self.logs()}")


def process_at(pid: int) -> Process | None:
    """The living process of this number."""
    try:
        command = (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        # The name in parentheses may hold anything.
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] == "Z" else Process(pid, int(fields[19]), command)


def children(pid: int) -> list[int]:
    """Numbers of a process's children; none where it is gone."""
    try:
        threads = list((PROC / str(pid) / "task").iterdir())
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [child for thread in threads for child in _started_by(thread)]


def _started_by(thread: Path) -> list[int]:
    """None where the thread has ended meanwhile: those of the others are told all the same."""
    try:
        return [int(child) for child in (thread / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []
