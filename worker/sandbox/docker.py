"""The sandbox for production: one container a run, made, watched and removed through the Docker Engine."""

import os
import secrets
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import docker
import structlog
from docker.errors import ImageNotFound, NotFound
from docker.models.containers import Container as Handle

from worker.contract import Limits
from worker.sandbox.container import ENGINE_TROUBLE, KILLED, Container
from worker.sandbox.docker_options import UID, WORKER_LABEL, docker_options
from worker.sandbox.folder import checked, hand_over, take_back
from worker.sandbox.protocol import Exit, Mount, SandboxError
from worker.sandbox.watch import Watch, exit_of

PATIENCE = 10
"""Seconds for any answer of the Engine but that to a container's creation. A start has no more: what it started and
does not tell of is watched by nobody meanwhile."""

CREATE_PATIENCE = 60
"""Seconds for that one: it waits for the Engine's disk, which others may keep busy, and nothing runs yet."""

REMOVALS = 3

REMOVAL_PAUSE = 1.0
"""Seconds between the tries after those."""

log = structlog.get_logger(__name__)


class DockerSandbox:
    """`worker` names whose containers these are; `runtime` is an optional one such as gVisor's runsc."""

    name = "docker"

    def __init__(self, *, worker: str, gpu: str = "", runtime: str | None = None) -> None:
        self.worker = worker
        self.gpu = gpu
        self.runtime = runtime
        self._own: set[str] = set()
        self._client: docker.DockerClient | None = None
        # The Engine gives a file to the uid inside the container: as root we name one, else the only choice is ours.
        self._uid = UID if os.geteuid() == 0 else None

    def close(self) -> None:
        """Close the connections to the Engine; the next call opens new ones."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def ping(self) -> None:
        """Raises SandboxError if the Engine does not answer."""
        self._engine()

    def image_id(self, image: str) -> str:
        """The ID that the name has now. Raises SandboxError if there is no such image."""
        try:
            return str(self._engine().images.get(image).id)
        except ImageNotFound as error:
            raise SandboxError(f"The Docker Engine has no image {image}: build or load it first.") from error
        except ENGINE_TROUBLE as error:
            raise _silent(error) from error

    def run(
        self,
        image: str,
        command: Sequence[str],
        *,
        mounts: Sequence[Mount],
        output: Path,
        limits: Limits,
        stop: threading.Event,
        label: str,
    ) -> Exit:
        """A container from its creation to its removal."""
        mounts, output = checked(mounts, output)
        options = docker_options(
            self.image_id(image),
            command,
            mounts,
            output,
            limits,
            label,
            worker=self.worker,
            gpu=self.gpu,
            runtime=self.runtime,
            uid=os.geteuid() if self._uid is None else self._uid,
        )
        # The name is ours before the container exists, so that one made by a request whose answer got lost is found.
        name = f"fixpoint-{secrets.token_hex(8)}"
        hand_over(output, mounts, self._uid)
        self._own.add(name)
        try:
            return self._watched(options | {"name": name}, output, limits, stop)
        finally:
            self._remove(name)
            self._own.discard(name)
            take_back(output, self._uid)

    def reap(self) -> int:
        """Containers with this worker's label, but for those of this life."""
        wanted: dict[str, str | list[str] | bool] = {"label": f"{WORKER_LABEL}={self.worker}"}
        try:
            found = self._engine().containers.list(all=True, filters=wanted, ignore_removed=True)
        except ENGINE_TROUBLE as error:
            raise _silent(error) from error
        return sum(self._remove(str(one.name)) for one in found if one.name not in self._own)

    def _watched(self, options: dict[str, Any], output: Path, limits: Limits, stop: threading.Event) -> Exit:
        watch = Watch(output=output, limits=limits, stop=stop)
        try:
            handle = self._started(options)
        except ENGINE_TROUBLE as error:
            raise SandboxError(f"The Docker Engine does not start a container: {error}.") from error
        container = Container(handle)
        try:
            watched = watch.until_the_end(container)
            said = container.log()
            if watched.breach is not None:
                # How it ended is known: an Engine that hangs need not be asked.
                return exit_of(watched, status=KILLED, out_of_memory=False, limits=limits, log=said)
            memory = container.is_out_of_memory(limits.memory_bytes)
            return exit_of(watched, status=container.status(), out_of_memory=memory, limits=limits, log=said)
        finally:
            container.abandon()

    def _started(self, options: dict[str, Any]) -> Handle:
        # A client has one patience for all its questions.
        with closing(docker.from_env(timeout=CREATE_PATIENCE)) as patient:
            made = patient.containers.create(**options)
        handle = self._engine().containers.prepare_model(made.attrs)
        handle.start()
        return handle

    def _remove(self, name: str) -> bool:
        for attempt in range(REMOVALS):
            try:
                self._engine().api.remove_container(name, force=True, v=True)
            except NotFound:
                return attempt > 0
            except (SandboxError, *ENGINE_TROUBLE) as error:
                log.warning("container.not_removed", container=name, attempt=attempt, reason=str(error))
            else:
                return True
        # An Engine that restarts is back in a moment: no container of ours may outlive that.
        threading.Thread(target=self._insist_on_removal, args=(name,), name="sandbox-remove", daemon=True).start()
        return False

    def _insist_on_removal(self, name: str) -> None:
        while True:
            time.sleep(REMOVAL_PAUSE)
            try:
                self._engine().api.remove_container(name, force=True, v=True)
            except NotFound:
                return
            except (SandboxError, *ENGINE_TROUBLE) as error:
                log.debug("container.still_not_removed", container=name, reason=str(error))

    def _engine(self) -> docker.DockerClient:
        if self._client is None:
            try:
                self._client = docker.from_env(timeout=PATIENCE)
            except ENGINE_TROUBLE as error:
                raise _silent(error) from error
        return self._client


def _silent(error: Exception) -> SandboxError:
    return SandboxError(f"The Docker Engine does not answer: {error}.")
