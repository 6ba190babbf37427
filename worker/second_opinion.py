"""CodeCarbon in a child process of its own: started while staging, asked around a phase, never a reason to fail."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
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
    """One child for one attempt, in an empty `home`. Nothing raises: where anything goes wrong the opinion is empty."""

    def __init__(
        self, country: str, home: Path, *, gpu: str = "", python: str = sys.executable, child: Path = CHILD
    ) -> None:
        self._command = [python, "-I", str(child), country, gpu]
        self._answers: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._process: subprocess.Popen[str] | None = None
        self._home = home
        self._modes: dict[str, str] = {}
        self._phase = 0
        self._has_started = False

    def __enter__(self) -> Self:
        try:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                cwd=self._home,
                # A `.codecarbon.config` or a CODECARBON_ variable of anybody's would change the figures.
                env={"HOME": str(self._home), "PATH": PATH, "LANG": "C.UTF-8"},
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

    def start(self) -> None:
        """A phase begins. Does not wait: a child that is not ready yet starts when it is."""
        self._phase += 1
        self._has_started = False
        self._order("start")

    def stop(self) -> None:
        """The phase has ended; the figure is fetched later by `opinion`."""
        while not self._answers.empty():
            self._read(self._answers.get())
        self._order("stop")

    def opinion(self, seconds: float) -> Opinion:
        """What the phase of this many seconds took; waits a moment, never long."""
        # A child that is still not there has seen nothing of the phase, so that there is nothing to wait for.
        energy = self._energy() if self._has_started else None
        if energy is None or energy["seconds"] <= min(SHORTEST, seconds / 2):
            log.info("codecarbon gives no figure", seconds=seconds, has_started=self._has_started)
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
            self._process.stdin.write(f"{word} {self._phase}\n")
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

    def _energy(self) -> dict[str, float] | None:
        """The figure of the phase that was stopped last, if it comes in time."""
        deadline = time.monotonic() + PATIENCE
        while (left := deadline - time.monotonic()) > 0:
            try:
                answer = self._answers.get(timeout=left)
            except queue.Empty:
                break
            if answer.get("stopped") == str(self._phase):
                found: dict[str, float] | None = answer["energy"]
                return found
            if "gone" in answer:
                break
        return None

    def _read(self, answer: dict[str, Any]) -> None:
        self._modes = answer.get("modes", self._modes)
        self._has_started |= answer.get("started") == str(self._phase)


def _close(pipe: Any) -> None:
    try:
        pipe.close()
    except OSError:
        log.debug("a pipe of codecarbon was closed already")
