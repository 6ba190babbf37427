"""No isolation at all: the program as a child of the worker, watched. For demos on loopback and for tests."""

import secrets
import shutil
import sys
import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from worker.contract import Limits
from worker.sandbox.child import Child
from worker.sandbox.environment import PATH, environment
from worker.sandbox.folder import checked
from worker.sandbox.interpreter import Interpreter, interpreter
from worker.sandbox.protocol import OUTPUT, Exit, Mount, SandboxError
from worker.sandbox.rlimits import rlimits
from worker.sandbox.tree import RUN_MARK, WORKER_MARK, kill_and_wait, marked
from worker.sandbox.watch import Watch, exit_of


class ProcessSandbox:
    """Limits time, output and memory; hides nothing. `model` is the folder that holds `fixed_model`."""

    name = "process"

    def __init__(self, *, worker: str, model: Path, python: Path = Path(sys.executable)) -> None:
        self.worker = worker
        self.model = model.resolve()
        self.python = python
        self._own: set[str] = set()

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
        """A child of the worker; arguments at a target become paths of the host."""
        del image
        mounts, output = checked(mounts, output)
        run = f"{label}-{secrets.token_hex(4)}"
        env = environment(limits.cpus) | {
            "PATH": PATH,
            "PYTHONPATH": str(self.model),
            WORKER_MARK: self.worker,
            RUN_MARK: run,
        }
        argv = [*_prlimit(), *rlimits(limits), "--", *self._on_this_host(command, mounts, output)]
        watch = Watch(output=output, limits=limits, stop=stop)
        self._own.add(run)
        try:
            child = Child(argv, env)
            watched = watch.until_the_end(child)
        finally:
            # Whoever left the family is still known by the mark; what they write is about to be read.
            kill_and_wait(marked(f"{RUN_MARK}={run}"))
            self._own.discard(run)
        return exit_of(watched, status=child.status, out_of_memory=False, limits=limits, log=child.log())

    def reap(self) -> int:
        """Processes with this worker's mark, but for those of this life."""
        own = {pid for run in self._own for pid in marked(f"{RUN_MARK}={run}")}
        return kill_and_wait(pid for pid in marked(f"{WORKER_MARK}={self.worker}") if pid not in own)

    @cached_property
    def _interpreter(self) -> Interpreter:
        return interpreter(self.python)

    def _on_this_host(self, command: Sequence[str], mounts: Sequence[Mount], output: Path) -> list[str]:
        places = {mount.target: str(mount.source) for mount in mounts} | {OUTPUT: str(output)}
        program, *arguments = command
        return [str(self.python) if program == "python" else program, *(_placed(word, places) for word in arguments)]


def _placed(word: str, places: dict[str, str]) -> str:
    for target, place in places.items():
        if word == target or word.startswith(f"{target}/"):
            return place + word.removeprefix(target)
    return word


def _prlimit() -> list[str]:
    prlimit = shutil.which("prlimit")
    if prlimit is None:
        raise SandboxError("The program prlimit (package util-linux) is missing; without it no limit holds.")
    return [prlimit]
