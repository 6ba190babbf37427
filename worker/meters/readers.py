"""The readers that a host's settings ask for, around one phase."""

from __future__ import annotations

from dataclasses import dataclass, field

from worker.device import gpu_of
from worker.meters.nvml import Nvml
from worker.meters.rapl import Rapl
from worker.meters.reader import Counted, Reader
from worker.meters.wall import WallMeter
from worker.settings import Settings

ABSENT = Counted()


@dataclass(frozen=True)
class Counts:
    """What each reader counted; one that is not there has counted nothing and gives no reason."""

    wall: Counted = ABSENT
    cpu: Counted = ABSENT
    gpu: Counted = ABSENT


@dataclass(frozen=True)
class Readers:
    """By what they count: `wall`, `cpu`, `gpu`."""

    by_part: dict[str, Reader] = field(default_factory=dict)

    def start(self) -> None:
        """The phase begins."""
        for each in self.by_part.values():
            each.start()

    def stop(self) -> Counts:
        """The phase has ended."""
        return Counts(**{part: each.stop() for part, each in self.by_part.items()})


def readers_of(settings: Settings) -> Readers:
    """Counters of a whole machine are read only where nothing else runs on it; a GPU is the worker's own anyway."""
    found: dict[str, Reader] = {}
    if settings.gpu:
        found["gpu"] = Nvml(gpu_of(settings.device))
    if settings.exclusive_host:
        found["cpu"] = Rapl()
    if settings.wall_meter:
        found["wall"] = WallMeter(settings.wall_meter)
    return Readers(found)
