"""Control groups, versions 1 and 2: what the kernel counted for a group of processes."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from worker.sandbox.watch import Usage

ROOT = Path("/sys/fs/cgroup")
CONTROLLERS = ("memory", "pids", "cpu", "cpuacct")


@dataclass(frozen=True)
class Cgroup:
    """A group's folder by controller; in version 2 all are the same one."""

    version: int
    folders: Mapping[str, Path]

    def usage(self) -> Usage:
        """CPU seconds of all that ever lived in the group, and its peak of memory with page cache."""
        with suppress(OSError):
            return Usage(self._cpu_seconds(), self._peak_memory_bytes())
        return Usage()

    def pids(self) -> list[int]:
        """Numbers of the processes in the group, 0 for each that is not to be seen from here."""
        with suppress(OSError):
            return [int(pid) for pid in (next(iter(self.folders.values())) / "cgroup.procs").read_text().split()]
        return []

    def oom_kills(self) -> int:
        """How often the kernel killed something in the group for its memory."""
        with suppress(OSError):
            name = "memory.oom_control" if self.version == 1 else "memory.events"
            return _fields(self.folders["memory"] / name).get("oom_kill", 0)
        return 0

    def _cpu_seconds(self) -> float:
        if self.version == 1:
            return int((self.folders["cpuacct"] / "cpuacct.usage").read_text()) / 1e9
        return _fields(self.folders["cpu"] / "cpu.stat")["usage_usec"] / 1e6

    def _peak_memory_bytes(self) -> int | None:
        folder = self.folders.get("memory")
        if folder is None:
            return None
        names = ("memory.max_usage_in_bytes",) if self.version == 1 else ("memory.peak", "memory.current")
        for name in names:
            # Kernels before 5.19 keep no peak in version 2.
            if (folder / name).exists():
                return int((folder / name).read_text())
        return None


def cgroup_of(pid: int | str, root: Path = ROOT, proc: Path = Path("/proc")) -> Cgroup | None:
    """The group that a process is in, or None where no hierarchy with CPU figures can be seen."""
    try:
        lines = (proc / str(pid) / "cgroup").read_text().splitlines()
    except OSError:
        return None
    paths = {}
    for line in lines:
        _, names, path = line.split(":", 2)
        paths.update(dict.fromkeys(names.split(","), path))
    folders = {name: root / name / paths[name].lstrip("/") for name in CONTROLLERS if name in paths}
    if (folders.get("cpuacct", root / "none") / "cpuacct.usage").exists():
        return Cgroup(1, folders)
    unified = root / paths.get("", "/").lstrip("/")
    return Cgroup(2, dict.fromkeys(CONTROLLERS, unified)) if (unified / "cpu.stat").exists() else None


def cgroup_holding(name: str, root: Path = ROOT, proc: Path = Path("/proc")) -> Cgroup | None:
    """The group whose path holds `name`, found by a process in it; None where none is to be seen."""
    for folder in proc.iterdir():
        if not folder.name.isdigit():
            continue
        cgroup = cgroup_of(folder.name, root, proc) if _is_in(folder, name) else None
        if cgroup is not None and all(name in str(path) for path in cgroup.folders.values()):
            return cgroup
    return None


def _is_in(process: Path, name: str) -> bool:
    try:
        return name in (process / "cgroup").read_text()
    except OSError:
        return False


def _fields(file: Path) -> dict[str, int]:
    pairs = (line.split() for line in file.read_text().splitlines())
    return {name: int(value) for name, value in pairs if value.isdigit()}
