"""The three that are compared, each run as a process of its own, and the best that each has shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from demo.strokes import NUMERALS
from fixpoint.energy.constants import JOULES_PER_KWH, REFERENCE_WATTS_PER_CORE
from tests.benchmarks.training import processes
from tests.benchmarks.training.drawn import Drawn
from tests.keras.environment import PYTHON as KERAS_PYTHON

KERAS_LOOP = processes.ROOT / "tests" / "keras" / "loop.py"
AS_IN_2021 = {"TF_USE_LEGACY_KERAS": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}
WARM_UP = 1  # epochs that each is given before the clock runs


@dataclass(frozen=True)
class Run:
    """One run: training images a second, CPU-seconds (all threads) an image, MiB of its largest process."""

    images_per_second: float
    cpu_seconds_per_image: float
    peak_rss_mib: float

    @classmethod
    def of(cls, answer: dict[str, Any]) -> Run:
        """From what a program printed."""
        images = answer["images"]
        return cls(images / answer["seconds"], answer["cpu_seconds"] / images, answer["peak_rss_mib"])

    def kwh(self, images: int) -> float:
        """Of one pass over so many images: CPU-seconds x watts of a busy core, no meter at the wall."""
        return images * self.cpu_seconds_per_image * REFERENCE_WATTS_PER_CORE / JOULES_PER_KWH


def best(runs: list[Run]) -> Run:
    """Each figure's best: what else runs on a machine only ever takes away."""
    return Run(
        max(run.images_per_second for run in runs),
        min(run.cpu_seconds_per_image for run in runs),
        min(run.peak_rss_mib for run in runs),
    )


def keras(data: Drawn, epochs: int) -> Run:
    """The competition's train.py under Keras 2; tests.keras.environment says whether it can be run."""
    command = [str(KERAS_PYTHON), str(KERAS_LOOP), str(data.train), ",".join(NUMERALS)]
    options = ["--val", str(data.val), "--epochs", str(epochs + WARM_UP)]
    return Run.of(processes.answer(command + options, **AS_IN_2021))


def plain(data: Drawn, epochs: int) -> Run:
    """A user's loop in PyTorch."""
    return Run.of(processes.ours("plain", data.train, data.val, "--epochs", epochs + WARM_UP))


def ours(data: Drawn, epochs: int, seeds: int) -> Run:
    """The locked recipe, so many seeds side by side."""
    return Run.of(processes.ours("side_by_side", data.pack, "--seeds", seeds, "--epochs", epochs + WARM_UP))
