"""The sandbox for hosts without an Engine: namespaces by bubblewrap, caps by a cgroup where one may be made."""

import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import structlog

from worker.contract import Limits
from worker.sandbox.bubblewrap_child import BubblewrapChild
from worker.sandbox.bubblewrap_options import Host
from worker.sandbox.cgroup import ROOT
from worker.sandbox.docker_options import UID
from worker.sandbox.environment import PATH
from worker.sandbox.folder import checked, hand_over, take_back
from worker.sandbox.interpreter import Interpreter, interpreter
from worker.sandbox.own_cgroup import OwnCgroup, group_name, own_cgroup, remove_leftovers
from worker.sandbox.protocol import Exit, Mount, Outcome, SandboxError
from worker.sandbox.tree import RUN_MARK, WORKER_MARK, family, kill_and_wait, marked
from worker.sandbox.watch import Watch, exit_of

TRIAL = Limits(wall_seconds=30, memory_bytes=512 * 1024**2, output_bytes=1024**2, output_files=8, cpus=1, pids=32)

log = structlog.get_logger(__name__)


class BubblewrapSandbox:
    """`model` is the folder that holds `fixed_model`; `cgroups` is where they are mounted, None to do without."""

    name = "bubblewrap"

    def __init__(
        self, *, worker: str, model: Path, python: Path = Path(sys.executable), cgroups: Path | None = ROOT
    ) -> None:
        self.worker = worker
        self.model = model.resolve()
        self.python = python
        self.cgroups = cgroups
        self._own: set[int] = set()
        self._uid = UID if os.geteuid() == 0 else None

    def ping(self) -> None:
        """Raises SandboxError if bubblewrap does not start a program here."""
        with tempfile.TemporaryDirectory() as folder:
            end = self.run(
                "",
                ["python", "-c", ""],
                mounts=[],
                output=Path(folder),
                limits=TRIAL,
                stop=threading.Event(),
                label="ping",
            )
        if end.outcome is not Outcome.OK:
            raise SandboxError(f"bubblewrap starts but does not run Python ({end.outcome}): {end.log.strip()}")

    def image_id(self, image: str) -> str:
        """The interpreter, which is all the image there is."""
        del image
        return self._interpreter.image_id

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
        """A child of the worker in namespaces of its own."""
        del image
        mounts, output = checked(mounts, output)
        group = self._group(limits)
        hand_over(output, mounts, self._uid)
        try:
            watch = Watch(output=output, limits=limits, stop=stop)
            child = BubblewrapChild(
                self._bwrap(),
                self._host,
                command,
                mounts=mounts,
                output=output,
                limits=limits,
                group=group,
                env={"PATH": PATH, WORKER_MARK: self.worker, RUN_MARK: label},
            )
            return self._watched(child, watch, group)
        finally:
            if group is not None:
                group.remove()
            take_back(output, self._uid)

    def reap(self) -> int:
        """Sandboxes die with their worker; this is for one that was in the middle of its start."""
        strays = [pid for pid in marked(f"{WORKER_MARK}={self.worker}") if pid not in self._own]
        killed = kill_and_wait(member for pid in strays for member in family(pid))
        if self.cgroups is not None and not self._own:
            remove_leftovers(self.worker, root=self.cgroups)
        return killed

    def _watched(self, child: BubblewrapChild, watch: Watch, group: OwnCgroup | None) -> Exit:
        self._own.add(child.pid)
        try:
            watched = watch.until_the_end(child)
        finally:
            self._own.discard(child.pid)
        memory = group is not None and group.cgroup.oom_kills() > 0
        if not child.has_begun() and watched.breach is None and not memory:
            raise SandboxError(f"bubblewrap did not start the program: {child.log().strip()}")
        return exit_of(watched, status=child.status, out_of_memory=memory, limits=watch.limits, log=child.log())

    def _group(self, limits: Limits) -> OwnCgroup | None:
        if self.cgroups is None:
            return None
        return own_cgroup(group_name(self.worker), limits, root=self.cgroups)

    def _bwrap(self) -> str:
        bwrap = shutil.which("bwrap")
        if bwrap is None:
            raise SandboxError("The program bwrap (package bubblewrap) is not installed.")
        return bwrap

    @cached_property
    def _interpreter(self) -> Interpreter:
        return interpreter(self.python)

    @cached_property
    def _host(self) -> Host:
        links = {str(place): str(place.readlink()) for place in Path("/").iterdir() if place.is_symlink()}
        return Host(self._interpreter, self.model, links, is_root=self._uid is not None)
