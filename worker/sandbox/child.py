"""A program as a child process of ours: started in a session of its own, waited for, its usage and its end."""

import os
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from worker.sandbox.protocol import SandboxError
from worker.sandbox.tail import Tail
from worker.sandbox.tree import family, kill, usage_of
from worker.sandbox.watch import Usage

PIPE_PATIENCE = 1.0
"""Seconds that the log's pipe may stay open after the end: a process that escaped us may hold it."""

KEEPER_PATIENCE = 0.25
"""Seconds for a keeper to notice that its program is gone, or that there is none yet."""


class Child:
    """A `Running`. `usage_inside` is asked instead of /proc where somebody counts better, a cgroup for one.

    `keeper`: the child itself is no part of the program, waits for it, and ends by itself when the program does.
    """

    def __init__(
        self,
        argv: Sequence[str],
        env: Mapping[str, str],
        *,
        keeper: bool = False,
        usage_inside: Callable[[], Usage] | None = None,
        pass_fds: Sequence[int] = (),
    ) -> None:
        self._keeper = keeper
        self.ended = threading.Event()
        self.status = -1
        self._usage_inside = usage_inside
        # Two threads write: each has its own, so that neither puts back what the other had before.
        self._seen = self._counted = Usage()
        try:
            self._process = subprocess.Popen(
                list(argv),
                env=dict(env),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=pass_fds,
            )
        except OSError as error:
            raise SandboxError(f"{argv[0]} does not start: {error}.") from error
        pipe = self._process.stdout
        if pipe is None:
            raise SandboxError("A child was started without a pipe.")
        self._tail = Tail(os.dup(pipe.fileno()))
        pipe.close()
        threading.Thread(target=self._wait, name="sandbox-wait", daemon=True).start()

    @property
    def pid(self) -> int:
        """The child's own number on this host."""
        return self._process.pid

    def usage(self) -> Usage:
        """Includes what the kernel counted at the end, which /proc can no longer tell."""
        if self._usage_inside is not None:
            self._seen = largest(self._seen, self._usage_inside())
        elif not self.ended.is_set():
            self._seen = largest(self._seen, usage_of(family(self._process.pid)))
        return largest(self._seen, self._counted)

    def kill(self) -> None:
        """Parents first, so that none can start another child; but a keeper last, which counts the CPU seconds."""
        if self._keeper and not self.ended.is_set():
            inside = family(self._process.pid)[1:]
            kill(inside)
            # Killed before they are gone, it would count nothing, and seem to be the end of all of them.
            if self.ended.wait(KEEPER_PATIENCE) or inside:
                return
        if not self.ended.is_set():
            kill(family(self._process.pid))

    def log(self) -> str:
        """The end of what it and its descendants said."""
        return self._tail.text(PIPE_PATIENCE)

    def _wait(self) -> None:
        with suppress(ChildProcessError):
            _, status, used = os.wait4(self._process.pid, 0)
            code = os.waitstatus_to_exitcode(status)
            self.status = code if code >= 0 else 128 - code
            # Popen would wait for it again, and perhaps for somebody else who got its number.
            self._process.returncode = code
            self._counted = Usage(used.ru_utime + used.ru_stime)
        self.ended.set()


def largest(one: Usage, other: Usage) -> Usage:
    """The larger of each figure; what is unknown in one is taken from the other."""
    cpu = [usage.cpu_seconds for usage in (one, other) if usage.cpu_seconds is not None]
    memory = [usage.peak_memory_bytes for usage in (one, other) if usage.peak_memory_bytes is not None]
    return Usage(max(cpu, default=None), max(memory, default=None))
