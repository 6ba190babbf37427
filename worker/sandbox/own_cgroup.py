"""A control group of our own around one run, where the host lets us make one: caps of memory, processes and CPU."""

import re
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

import structlog

from worker.contract import Limits
from worker.sandbox.cgroup import CONTROLLERS, ROOT, Cgroup, cgroup_of
from worker.sandbox.tree import kill

PERIOD = 100_000
"""Microseconds of the kernel's CPU accounting; a run may use `cpus` times as many in each."""

PATIENCE = 10.0
"""Seconds for the last process to leave a group, before the group is left for `reap`."""

ASKED: list[tuple[str, int | str]] = [("cgroup.subtree_control", "+memory +pids +cpu")]

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class OwnCgroup:
    """`capped` names the controllers whose limit was accepted; what is not among them must be capped otherwise."""

    cgroup: Cgroup
    capped: frozenset[str]

    @property
    def entrances(self) -> list[Path]:
        """Files that take the number of a process that is to join."""
        return [folder / "cgroup.procs" for folder in sorted(set(self.cgroup.folders.values()))]

    def remove(self) -> None:
        """Remove the group, once all that lived in it are gone."""
        for folder in set(self.cgroup.folders.values()):
            _remove(folder)


def own_cgroup(name: str, limits: Limits, *, root: Path = ROOT) -> OwnCgroup | None:
    """A group below the worker's own, or None where none may be made."""
    mine = cgroup_of("self", root)
    if mine is None:
        return None
    made = {name_: _made(parent, name) for name_, parent in _parents(mine, root).items()}
    folders = {controller: folder for controller, folder in made.items() if folder is not None}
    if not folders:
        return None
    settings = _settings(mine.version, limits)
    capped = {name_ for name_, folder in folders.items() if settings[name_] and _set(folder, settings[name_])}
    return OwnCgroup(Cgroup(mine.version, folders), frozenset(capped))


def remove_leftovers(worker: str, *, root: Path = ROOT) -> None:
    """Remove the groups that an earlier life of this worker left, with whoever still lives in one."""
    mine = cgroup_of("self", root)
    for parent in set(_parents(mine, root).values()) if mine else ():
        for folder in parent.glob(f"{prefix(worker)}*"):
            if _is_of(worker, folder.name):
                kill(int(pid) for pid in (folder / "cgroup.procs").read_text().split())
                _remove(folder)


def group_name(worker: str) -> str:
    """A name for a new group of this worker."""
    return f"{prefix(worker)}{secrets.token_hex(4)}"


def _is_of(worker: str, name: str) -> bool:
    """Not of a neighbour whose name begins with this one's and a hyphen."""
    return re.fullmatch("[0-9a-f]{8}", name.removeprefix(prefix(worker))) is not None


def prefix(worker: str) -> str:
    """How the names of this worker's groups begin."""
    return f"fixpoint-{re.sub(r'[^A-Za-z0-9_-]', '_', worker)}-"


def _parents(mine: Cgroup, root: Path) -> dict[str, Path]:
    if mine.version == 1:
        return dict(mine.folders)
    own = mine.folders["memory"]
    # In version 2 a group with processes hands no controllers down, so look upwards for one that does.
    for folder in (own, *own.parents):
        if _hands_down(folder) or (_set(folder, ASKED) and _hands_down(folder)):
            return dict.fromkeys(CONTROLLERS, folder)
        if folder == root:
            break
    return {}


def _hands_down(folder: Path) -> bool:
    try:
        return {"memory", "pids"} <= set((folder / "cgroup.subtree_control").read_text().split())
    except OSError:
        return False


def _made(parent: Path, name: str) -> Path | None:
    try:
        (parent / name).mkdir(exist_ok=True)
    except OSError as error:
        log.debug("cgroup.refused", parent=str(parent), reason=str(error))
        return None
    return parent / name


def _settings(version: int, limits: Limits) -> dict[str, list[tuple[str, int | str]]]:
    memory, quota = limits.memory_bytes, limits.cpus * PERIOD
    if version == 1:
        return {
            "memory": [("memory.limit_in_bytes", memory), ("memory.memsw.limit_in_bytes", memory)],
            "pids": [("pids.max", limits.pids)],
            "cpu": [("cpu.cfs_period_us", PERIOD), ("cpu.cfs_quota_us", quota)],
            "cpuacct": [],
        }
    return {
        "memory": [("memory.max", memory), ("memory.swap.max", 0), ("memory.oom.group", 1)],
        "pids": [("pids.max", limits.pids)],
        "cpu": [("cpu.max", f"{quota} {PERIOD}")],
        "cpuacct": [],
    }


def _set(folder: Path, settings: list[tuple[str, int | str]]) -> bool:
    """True if the first, which is the cap itself, was accepted; the rest is there on most kernels only."""
    accepted = []
    for file, value in settings:
        try:
            (folder / file).write_text(str(value))
        except OSError as error:
            log.debug("cgroup.setting_refused", file=str(folder / file), reason=str(error))
            accepted.append(False)
        else:
            accepted.append(True)
    return accepted[0]


def _remove(folder: Path) -> None:
    patience = time.monotonic() + PATIENCE
    while folder.exists():
        try:
            folder.rmdir()
        except OSError as error:
            if time.monotonic() > patience:
                log.warning("cgroup.not_removed", folder=str(folder), reason=str(error))
                return
            time.sleep(0.01)
