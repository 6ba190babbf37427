"""Seconds of the wall and of all processors, of this process and of those that it has waited for."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Run:
    """One walk over all images."""

    images: int
    seconds: float
    cpu_seconds: float


class Clock:
    """Started when it is made."""

    def __init__(self) -> None:
        self.wall, self.cpu = time.perf_counter(), _cpu_seconds()

    def run(self, images: int) -> Run:
        """What has gone by."""
        return Run(images, time.perf_counter() - self.wall, _cpu_seconds() - self.cpu)

    def read(self, images: int) -> str:
        """The same as a line of JSON."""
        return json.dumps(asdict(self.run(images)))


def _cpu_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
