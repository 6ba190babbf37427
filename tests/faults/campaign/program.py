"""One process of the stack: kept running as a supervisor would, and broken on purpose."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

AGAIN_SECONDS = 0.5
"""Before a program that ended by itself is started again."""


@dataclass
class Program:
    """`held` programs stay down until they are let go."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    folder: Path
    held: bool = False
    restarts: int = 0
    _process: subprocess.Popen[bytes] | None = None
    _ended: float = 0.0
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def pid(self) -> int:
        """Number of the process that runs, or ran last."""
        return self._process.pid if self._process else 0

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it unless it runs."""
        with self._lock, self.log.open("ab") as out:
            if not self.is_alive:
                self._process = subprocess.Popen(
                    list(self.command),
                    env=dict(self.environment),
                    cwd=self.folder,
                    stdout=out,
                    stderr=out,
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,
                )
                self._ended = 0.0

    def send(self, number: signal.Signals) -> None:
        """A signal to the process itself, not to its children."""
        with self._lock:
            if self.is_alive:
                os.kill(self.pid, number)

    def kill(self) -> None:
        """SIGKILL, and nobody starts it again until it is let go."""
        with self._lock:
            self.held = True
            self.send(signal.SIGKILL)
        if self._process is not None:
            self._process.wait(10)

    def let_go(self) -> None:
        """Have it run again, and go on where it was stopped."""
        with self._lock:
            self.send(signal.SIGCONT)
            self.held = False
            self.start()

    def stop(self, seconds: float = 10.0) -> None:
        """SIGTERM, then SIGKILL."""
        with self._lock:
            self.held = True
            self.send(signal.SIGCONT)
            self.send(signal.SIGTERM)
        if self._process is not None:
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()

    def look_after(self) -> None:
        """Start it again if it ended by itself."""
        with self._lock:
            if self.held or self.is_alive or self._process is None:
                return
            self._ended = self._ended or time.monotonic()
            if time.monotonic() - self._ended > AGAIN_SECONDS:
                self.restarts += 1
                self.start()


class Supervisor:
    """Looks after programs in a thread of its own while the `with` block runs; ends them, the last started first."""

    def __init__(self) -> None:
        self.programs: dict[str, Program] = {}
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()
        for program in reversed(self.programs.values()):
            program.stop()

    def add(self, program: Program) -> Program:
        """Start it and look after it from now on."""
        self.programs[program.name] = program
        program.start()
        return program

    def _watch(self) -> None:
        while not self._done.wait(0.1):
            for program in list(self.programs.values()):
                program.look_after()
