"""CodeCarbon in a child process of its own: started while staging, asked around a phase, never a reason to fail."""

from __future__ import annotations

import json
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import structlog

CHILD = Path(__file__).with_name("codecarbon_child.py")
PATIENCE = 2.0
SHORTEST = 0.5
"""Seconds that CodeCarbon must have seen of a phase before its mean power is believed."""

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
log = structlog.get_logger()


@dataclass(frozen=True)
class Opinion:
    """What CodeCarbon's model says of one phase, in kWh for the whole machine; None is "not measured"."""

    kwh: float | None = None
    cpu_kwh: float | None = None
    gpu_kwh: float | None = None
    ram_kwh: float | None = None
    modes: dict[str, str] | None = None


class CodeCarbon:
    """One child for one attempt. Nothing here raises: where anything goes wrong the opinion is empty."""

    def __init__(self, country: str, *, python: str = sys.executable, child: Path = CHILD) -> None:
        self._command = [python, "-I", str(child), country]
        self._answers: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._process: subprocess.Popen[str] | None = None
        self._home = ""
        self._modes: dict[str, str] = {}

    def __enter__(self) -> Self:
        self._home = tempfile.mkdtemp(prefix="fixpoint-codecarbon-")
        try:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                cwd=self._home,
                # A `.codecarbon.config` or a CODECARBON_ variable of anybody's would change the figures.
                env={"HOME": self._home, "PATH": PATH, "LANG": "C.UTF-8"},
                start_new_session=True,
            )
        except OSError as error:
            log.warning("codecarbon did not start", reason=str(error))
            return self
        threading.Thread(target=self._listen, name="codecarbon", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    _close(pipe)
        shutil.rmtree(self._home, ignore_errors=True)

    def start(self) -> None:
        """A phase begins. Does not wait: a child that is not ready yet starts when it is."""
        self._order("start")

    def stop(self) -> None:
        """The phase has ended; the figure is fetched later by `opinion`."""
        self._order("stop")

    def opinion(self, seconds: float) -> Opinion:
        """What the phase of this many seconds took; waits a moment, never long."""
        energy = self._wait_for("energy")
        if energy is None or not energy["seconds"] >= min(SHORTEST, seconds / 2):
            return Opinion(modes=self._modes)
        # A child that was late has seen less than the phase: its mean power counts for all of it, and the modes say so.
        share = seconds / energy["seconds"]
        seen = {"seconds_seen": f"{min(energy['seconds'], seconds):.1f} of {seconds:.1f}"}
        parts = {part: energy[part] * share for part in ("kwh", "cpu_kwh", "gpu_kwh", "ram_kwh")}
        return Opinion(**parts, modes=self._modes | seen)

    def _order(self, word: str) -> None:
        if self._process is None or self._process.stdin is None:
            return
        try:
            self._process.stdin.write(word + "\n")
            self._process.stdin.flush()
        except OSError as error:
            log.warning("codecarbon is gone", reason=str(error))

    def _listen(self) -> None:
        """Pass the child's lines on; an empty one, or none, means that no more will come."""
        process = self._process
        if process is None or process.stdout is None:
            return
        try:
            for line in process.stdout:
                self._answers.put(json.loads(line))
        except ValueError as error:
            log.warning("codecarbon said something else", reason=str(error))
        self._answers.put({"gone": True})

    def _wait_for(self, what: str) -> dict[str, float] | None:
        deadline = time.monotonic() + PATIENCE
        while (left := deadline - time.monotonic()) > 0 and self._process is not None:
            try:
                answer = self._answers.get(timeout=left)
            except queue.Empty:
                break
            if "modes" in answer:
                self._modes = dict(answer["modes"])
            if what in answer:
                found: dict[str, float] | None = answer[what]
                return found
            if "gone" in answer:
                self._answers.put(answer)
                break
        log.warning("codecarbon gave no figure")
        return None


def _close(pipe: Any) -> None:
    try:
        pipe.close()
    except OSError:
        log.debug("a pipe of codecarbon was closed already")
