"""A wall meter: a file or a command that tells how much its counter stands at, with its unit."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

from worker.meters.reader import Counted

PATIENCE = 5.0
JOULES = {"J": 1.0, "kJ": 1e3, "Wh": 3.6e3, "kWh": 3.6e6}

_SAID = re.compile(r"(\d+(?:\.(\d+))?) ?(J|kJ|Wh|kWh)", re.ASCII)


class WallMeter:
    """`file:PATH` or `command:PROGRAM …`, read before and after a phase; it says one line such as `1234.567 Wh`."""

    def __init__(self, source: str) -> None:
        self._kind, _, self._what = source.partition(":")
        self._began = 0.0
        self._why = ""

    def start(self) -> None:
        """Read it."""
        self._why = ""
        try:
            self._began, _ = self._read()
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            self._why = _reason(error)

    def stop(self) -> Counted:
        """What it has counted since."""
        if self._why:
            return Counted(why=self._why)
        try:
            now, step = self._read()
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            return Counted(why=_reason(error))
        joules = now - self._began
        if joules < step:
            return Counted(
                why="the wall meter stands where it stood, or lower: too coarse for so short a phase, or reset"
            )
        return Counted(joules, step=step)

    def _read(self) -> tuple[float, float]:
        """Joules, and what the last digit is worth."""
        found = _SAID.fullmatch(self._said().strip())
        if found is None:
            raise ValueError("it does not say a number and J, kJ, Wh or kWh")
        unit = JOULES[found[3]]
        return float(found[1]) * unit, unit * 10.0 ** -len(found[2] or "")

    def _said(self) -> str:
        if self._kind == "file":
            return Path(self._what).read_text(encoding="ascii")
        asked = subprocess.run(
            shlex.split(self._what),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=True,
            stdin=subprocess.DEVNULL,
        )
        return asked.stdout


def _reason(error: Exception) -> str:
    said = str(error) if isinstance(error, ValueError) else type(error).__name__
    return f"the wall meter cannot be read: {said}"
