"""What this machine offers to break: folders of a bounded size, a network that can be cut, a clock that can jump."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

MIB = 2**20
FILLER = "filler"
CLOCK = Path(__file__).parent / "clock"
"""Has a sitecustomize.py, which a Python that finds it on its path reads at its start."""


def missing_parts() -> dict[str, str]:
    """What cannot be had here, each with the reason: the faults that need it are left out."""
    needs = {
        "mounts": ("mount", "umount"),
        "network": ("ip", "nsenter"),
        "bubblewrap": ("bwrap",),
        "engine": ("dockerd", "containerd", "docker"),
    }
    found = {}
    for part, programs in needs.items():
        absent = [each for each in programs if shutil.which(each) is None]
        if absent:
            found[part] = f"{', '.join(absent)} not installed"
        elif os.geteuid() != 0:
            found[part] = "needs root"
    if find_spec("time_machine") is None:
        found["clock"] = "the package time-machine is not installed"
    return found


def run(*command: str) -> str:
    """What a command prints. Raises CalledProcessError. A terminal's Ctrl-C does not reach it."""
    answer = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60, start_new_session=True)
    return answer.stdout


@dataclass(frozen=True)
class Disk:
    """A folder that is a small file system of its own, where that can be had."""

    folder: Path

    def fill(self) -> None:
        """Take all that is free."""
        with (self.folder / FILLER).open("wb") as file:
            room = os.statvfs(self.folder)
            os.posix_fallocate(file.fileno(), 0, max(1, room.f_bavail * room.f_frsize))

    def free(self) -> None:
        """Give it back."""
        (self.folder / FILLER).unlink(missing_ok=True)


@contextmanager
def disk(folder: Path, mebibytes: int, *, real: bool) -> Iterator[Disk]:
    """A disk of this size; an ordinary folder where it need not be a `real` one."""
    folder.mkdir(parents=True)
    if real:
        run("mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=0755", "fixpoint-faults", str(folder))
    try:
        yield Disk(folder)
    finally:
        if real:
            run("umount", "--lazy", str(folder))


@dataclass(frozen=True)
class Network:
    """A namespace joined to this machine by a cable that can be pulled. Without a name everybody is on loopback."""

    name: str
    address: str

    def inside(self, *command: str) -> list[str]:
        """The same command within."""
        # Not `ip netns exec`: that hides the control groups.
        return [*(("nsenter", f"--net=/run/netns/{self.name}") if self.name else ()), *command]

    def cut(self) -> None:
        """Pull the cable: packets vanish without an answer."""
        run("ip", "link", "set", f"{self.name}h", "down")

    def mend(self) -> None:
        """Plug it in."""
        if self.name:
            run("ip", "link", "set", f"{self.name}h", "up")


@contextmanager
def network(lane: int, *, real: bool) -> Iterator[Network]:
    """A network namespace, its cable, and an address in 10.222.0.0/16 on this side of it; one for each lane."""
    if not real:
        yield Network("", "127.0.0.1")
        return
    name, third = f"fpf{os.getpid()}{'abcdefgh'[lane]}", (8 * os.getpid() + lane) % 250
    here, there = f"10.222.{third}.1", f"10.222.{third}.2"
    run("ip", "netns", "add", name)
    try:
        run("ip", "link", "add", f"{name}h", "type", "veth", "peer", "name", f"{name}w", "netns", name)
        run("ip", "addr", "add", f"{here}/30", "dev", f"{name}h")
        run("ip", "link", "set", f"{name}h", "up")
        run("ip", "-n", name, "addr", "add", f"{there}/30", "dev", f"{name}w")
        for device in (f"{name}w", "lo"):
            run("ip", "-n", name, "link", "set", device, "up")
        yield Network(name, here)
    finally:
        # With the namespace goes its end of the cable, and with that the other.
        run("ip", "netns", "del", name)


class Clock:
    """The clock that a program sees: this machine's, and as many seconds more or less as `jump` says.

    Not libfaketime: with it a clock that jumps makes `time.sleep` fail and select(2) hang (seen: 0.9.10, Python 3.11).
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self.jump(0)

    def jump(self, seconds: int) -> None:
        """Set it, in a moment for every program that was started with `environment`."""
        draft = self._file.with_suffix(".draft")
        draft.write_text(str(seconds))
        draft.rename(self._file)

    def environment(self, before: Mapping[str, str]) -> dict[str, str]:
        """Variables under which a Python program looks at this clock; monotonic time stays what it is."""
        path = os.pathsep.join([str(CLOCK), before["PYTHONPATH"]])
        return {"PYTHONPATH": path, "FIXPOINT_CAMPAIGN_CLOCK": str(self._file)}
