"""A program in bubblewrap as a child process: descriptors handed over, cgroup joined, its start told from its end."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from worker.contract import Limits
from worker.sandbox.bubblewrap_options import Host, bubblewrap_options
from worker.sandbox.child import Child
from worker.sandbox.own_cgroup import OwnCgroup
from worker.sandbox.protocol import Mount
from worker.sandbox.seccomp import seccomp_filter

JOIN = 'while [ "$1" != -- ]; do echo $$ > "$1" || exit 125; shift; done; shift; exec "$@"'
"""Enter the groups first and become bwrap then, so that nothing is ever started outside them."""


class BubblewrapChild(Child):
    """Raises SandboxError if bwrap cannot even be started."""

    def __init__(
        self,
        bwrap: str,
        host: Host,
        command: Sequence[str],
        *,
        mounts: Sequence[Mount],
        output: Path,
        limits: Limits,
        group: OwnCgroup | None,
        env: Mapping[str, str],
    ) -> None:
        capped = group.capped if group is not None else frozenset[str]()
        self._said, says = os.pipe()
        fds = {"json-status-fd": says} | _filter()
        options = bubblewrap_options(host, command, mounts, output, limits, capped=capped, fds=fds)
        try:
            super().__init__(
                [*_joining(group), bwrap, *options],
                env,
                keeper=True,
                usage_inside=group.cgroup.usage if group is not None and "memory" in capped else None,
                pass_fds=tuple(fds.values()),
            )
        except BaseException:
            os.close(self._said)
            raise
        finally:
            for fd in fds.values():
                os.close(fd)

    def has_begun(self) -> bool:
        """True if the program itself was reached; call it once, after the end."""
        with os.fdopen(self._said, encoding="utf-8") as said:
            return any("exit-code" in json.loads(line) for line in said)


def _filter() -> dict[str, int]:
    program = seccomp_filter()
    if program is None:
        return {}
    fd = os.memfd_create("seccomp")
    os.write(fd, program)
    os.lseek(fd, 0, os.SEEK_SET)
    return {"seccomp": fd}


def _joining(group: OwnCgroup | None) -> list[str]:
    if group is None:
        return []
    return ["/bin/sh", "-c", JOIN, "join", *map(str, group.entrances), "--"]
