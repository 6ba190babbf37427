"""A running container: its end, its usage while it lives, its log; no call to the Engine without a bound."""

import os
import signal
import threading
from contextlib import suppress
from http import HTTPStatus
from typing import Any, cast

import structlog
from docker.errors import APIError, DockerException, NotFound
from docker.models.containers import Container as Handle
from requests.exceptions import RequestException

from worker.sandbox.cgroup import cgroup_holding
from worker.sandbox.child import largest
from worker.sandbox.protocol import SandboxError
from worker.sandbox.tail import tail_of
from worker.sandbox.watch import LOOK, Usage

ENGINE_TROUBLE = (DockerException, RequestException, OSError)
"""Whatever the SDK raises when the Engine refuses, hangs or is gone."""

WAIT_SECONDS = 20
"""How long one question "is it over?" stays open."""

PAUSE = 0.5
"""Seconds between two questions to an Engine that does not answer."""

LOG_RECORDS = 200

LOG_PATIENCE = 5.0
"""Seconds for the log in all: the SDK's own patience begins anew with every byte that drips."""

NEARLY = 0.98
"""A container killed at this share of its memory was killed for it, even where the Engine forgot to note so."""

KILLED = 137

log = structlog.get_logger(__name__)


class Container:
    """A `Running`. Counters vanish with the container, so a thread of its own reads them while it lives."""

    def __init__(self, handle: Handle) -> None:
        self.handle = handle
        self.ended = threading.Event()
        self._abandoned = threading.Event()
        self._is_killed = False
        self._usage = Usage()
        # Found without the Engine, which may hang from now on.
        self._cgroup = cgroup_holding(str(handle.id))
        for work in (self._wait, self._meter):
            threading.Thread(target=work, name=f"sandbox{work.__name__}", daemon=True).start()

    def usage(self) -> Usage:
        """As last read, at most LOOK seconds ago."""
        return self._usage

    def kill(self) -> None:
        """Asks the Engine, whose answer is not waited for, and ends what of it we see ourselves at once."""
        self._is_killed = True
        threading.Thread(target=self._ask_for_the_end, name="sandbox-kill", daemon=True).start()
        for pid in self._cgroup.pids() if self._cgroup is not None else ():
            # To 0, a process that we cannot see, would be to ourselves.
            with suppress(ProcessLookupError, PermissionError):
                if pid > 0:
                    os.kill(pid, signal.SIGKILL)

    def abandon(self) -> None:
        """End the threads of a container that nobody looks after any more."""
        self._abandoned.set()
        self.ended.set()

    def status(self) -> int:
        """The exit status of a container that is over. Raises SandboxError if the Engine has lost it."""
        return int(self._state()["ExitCode"])

    def is_out_of_memory(self, memory_bytes: int) -> bool:
        """True where the kernel ended the program for its memory."""
        state = self._state()
        near = (self._usage.peak_memory_bytes or 0) >= NEARLY * memory_bytes
        return bool(state["OOMKilled"]) or (state["ExitCode"] == KILLED and near)

    def log(self) -> str:
        """The end of what it said; empty if the Engine does not tell."""
        said: list[str] = []
        asking = threading.Thread(target=lambda: said.append(self._told()), name="sandbox-log", daemon=True)
        asking.start()
        asking.join(LOG_PATIENCE)
        return said[0] if said else ""

    def _told(self) -> str:
        try:
            return tail_of(self.handle.logs(stdout=True, stderr=True, tail=LOG_RECORDS))
        except ENGINE_TROUBLE as error:
            log.warning("container.log_lost", container=self.handle.id, reason=str(error))
            return ""

    def _ask_for_the_end(self) -> None:
        try:
            self.handle.kill()
        except NotFound:
            self.ended.set()
        except APIError as error:
            if error.status_code == HTTPStatus.CONFLICT:
                # It does not run any more, whatever became of our question when it ends.
                self.ended.set()
            else:
                log.warning("container.not_killed", container=self.handle.id, reason=str(error))
        except ENGINE_TROUBLE as error:
            log.warning("engine.silent", container=self.handle.id, reason=str(error))

    def _state(self) -> dict[str, Any]:
        try:
            self.handle.reload()
        except ENGINE_TROUBLE as error:
            raise SandboxError(f"The Docker Engine lost a container: {error}.") from error
        state: dict[str, Any] = self.handle.attrs["State"]
        return state

    def _wait(self) -> None:
        while not self.ended.is_set():
            try:
                self.handle.wait(timeout=WAIT_SECONDS)
                self.ended.set()
            except NotFound:
                self.ended.set()
            except ENGINE_TROUBLE as error:
                # A question that stays open is the usual case, an Engine that restarts the rare one: ask again.
                log.debug("container.still_waiting", container=self.handle.id, reason=str(error))
                if self._is_over():
                    self.ended.set()
                self._abandoned.wait(PAUSE)

    def _is_over(self) -> bool:
        with suppress(SandboxError):
            return not self._state()["Running"]
        return False

    def _meter(self) -> None:
        while True:
            self._usage = largest(self._usage, self._counted())
            if self._is_killed and self._cgroup is not None and not self._cgroup.pids():
                # Nobody will ask how it ended, so that the Engine need not know of it.
                self.ended.set()
            if self.ended.wait(LOOK):
                return

    def _counted(self) -> Usage:
        if self._cgroup is not None:
            return self._cgroup.usage()
        try:
            # The SDK types the one answer like the stream that was not asked for.
            return usage_in(cast("dict[str, Any]", self.handle.stats(stream=False, one_shot=True)))
        except (*ENGINE_TROUBLE, KeyError) as error:
            log.debug("container.no_stats", container=self.handle.id, reason=str(error))
            return Usage()


def usage_in(stats: dict[str, Any]) -> Usage:
    """Usage in the Engine's answer about a container; a peak of memory is there with cgroup version 1 only."""
    memory = stats.get("memory_stats", {})
    return Usage(stats["cpu_stats"]["cpu_usage"]["total_usage"] / 1e9, memory.get("max_usage", memory.get("usage")))
