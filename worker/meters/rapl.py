"""RAPL: the energy counters of the processors, Intel's and AMD's, as Linux shows them under powercap."""

from __future__ import annotations

import re
from pathlib import Path

from worker.meters.polling import Polling
from worker.meters.reader import Counted

POWERCAP = Path("/sys/class/powercap")
POLL_SECONDS = 10.0
"""A counter of 2³² steps of 15.3 µJ (65 kJ, the shortest) wraps after 65 s at 1,000 W: two looks must lie within."""

_PACKAGE = re.compile(r"intel-rapl:\d+")
_PART = re.compile(r"intel-rapl:\d+:\d+")


class Domain:
    """A counter of microjoules that starts again at its range, added up over its wraps. OSError, ValueError."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "energy_uj"
        self._range = int(_text(folder / "max_energy_range_uj"))
        self._before = int(_text(self._file))
        self._microjoules = 0

    def look(self) -> None:
        """Add what was counted since the last look; at most one wrap may lie between."""
        now = int(_text(self._file))
        self._microjoules += now - self._before + (self._range if now < self._before else 0)
        self._before = now

    @property
    def joules(self) -> float:
        """Since it was made, up to the last look."""
        return self._microjoules / 1e6


class Rapl:
    """Packages together, and memory apart where the processor counts it: neither is in the other."""

    def __init__(self, root: Path = POWERCAP, seconds: float = POLL_SECONDS) -> None:
        self._root = root
        self._seconds = seconds
        self._packages: list[Domain] = []
        self._memories: list[Domain] = []
        self._polling: Polling | None = None
        self._why = ""

    def start(self) -> None:
        """Read every counter once, and then often enough that no wrap is missed."""
        self._polling, self._why = None, ""
        try:
            # `psys`, the whole platform, holds the packages once more, as does the tree `intel-rapl-mmio`.
            folders = [each for each in _folders(self._root, _PACKAGE) if _text(each / "name").startswith("package")]
            parts = [part for folder in folders for part in _folders(folder, _PART)]
            self._packages = [Domain(each) for each in folders]
            self._memories = [Domain(each) for each in parts if _text(each / "name") == "dram"]
        except (OSError, ValueError) as error:
            self._why = _reason(error)
            return
        if not self._packages:
            self._why = f"{self._root} shows no counter of a processor: a virtual machine or a container hides it"
            return
        self._polling = Polling(self._look, self._seconds)

    def stop(self) -> Counted:
        """Joules of all packages."""
        if self._polling is not None:
            self._polling.stop()
        if self._why:
            return Counted(why=self._why)
        memory = sum(each.joules for each in self._memories) if self._memories else None
        return Counted(sum(each.joules for each in self._packages), ram_joules=memory)

    def _look(self) -> None:
        try:
            for each in (*self._packages, *self._memories):
                each.look()
        except (OSError, ValueError) as error:
            self._why = _reason(error)


def _folders(root: Path, named: re.Pattern[str]) -> list[Path]:
    """Of this form; a processor's parts lie in its own folder, in every tree that Linux shows."""
    return [each for each in sorted(root.iterdir()) if named.fullmatch(each.name)] if root.is_dir() else []


def _text(file: Path) -> str:
    return file.read_text(encoding="ascii").strip()


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, PermissionError):
        return "RAPL may be read by root only: give the worker's user the right to read energy_uj"
    return f"RAPL cannot be read ({type(error).__name__})"
