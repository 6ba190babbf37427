"""A running container: its end, its usage while it lives, its log; no call to the Engine without a bound."""

import threading
from typing import Any, cast

import structlog
from docker.errors import APIError, DockerException, NotFound
from docker.models.containers import Container as Handle
from requests.exceptions import RequestException

from worker.sandbox.cgroup import Cgroup, cgroup_of
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
        self._usage = Usage()
        self._cgroup = self._visible_cgroup()
        for work in (self._wait, self._meter):
            threading.Thread(target=work, name=f"sandbox{work.__name__}", daemon=True).start()

    def usage(self) -> Usage:
        """As last read, at most LOOK seconds ago."""
        return self._usage

    def kill(self) -> None:
        """Asks once; whoever watches asks again until `ended` is set."""
        try:
            self.handle.kill()
        except (NotFound, APIError) as error:
            log.info("container.already_over", container=self.handle.id, reason=str(error))
        except ENGINE_TROUBLE as error:
            log.warning("engine.silent", container=self.handle.id, reason=str(error))

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
        try:
            return tail_of(self.handle.logs(stdout=True, stderr=True, tail=LOG_RECORDS))
        except ENGINE_TROUBLE as error:
            log.warning("container.log_lost", container=self.handle.id, reason=str(error))
            return ""

    def _state(self) -> dict[str, Any]:
        try:
            self.handle.reload()
        except ENGINE_TROUBLE as error:
            raise SandboxError(f"The Docker Engine lost a container: {error}.") from error
        state: dict[str, Any] = self.handle.attrs["State"]
        return state

    def _visible_cgroup(self) -> Cgroup | None:
        """The container's own group where we see it; its process number means nothing in another namespace."""
        cgroup = cgroup_of(self._state()["Pid"])
        if cgroup is None or not all(str(self.handle.id) in str(folder) for folder in cgroup.folders.values()):
            return None
        return cgroup

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
                self._abandoned.wait(PAUSE)

    def _meter(self) -> None:
        while True:
            self._usage = largest(self._usage, self._counted())
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
