"""One drawn entry, trained and predicted as a worker does it: in its sandbox, under its meters."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fixpoint.energy.sample_archive import write_flat, write_splits
from tests.benchmarks.request import REQUEST
from worker.commands import REQUEST as REQUEST_PATH
from worker.commands import command, inside
from worker.contract import Energy, Limits, Phase
from worker.device import gpu_of
from worker.meter import Meter
from worker.meters.readers import readers_of
from worker.sandbox import Exit, Mount, Outcome, Sandbox
from worker.scratch import attempt_folder
from worker.second_opinion import CodeCarbon
from worker.settings import Settings

TRAIN, HIDDEN, SIDE = 60, 100, 64
LIMITS = Limits(wall_seconds=600, memory_bytes=6 * 2**30, output_bytes=2**30, output_files=64, cpus=1, pids=256)


class RepeatingError(Exception):
    """The entry could not be run; the message has the end of what its program said."""


@dataclass(frozen=True)
class Took:
    """One run: GFLOP by its own account, and what each phase took."""

    gflop: float
    phases: list[Energy]

    @property
    def cpu_seconds(self) -> float | None:
        """Of the sandboxes, as the kernel counted them."""
        return _sum([phase.cpu_seconds for phase in self.phases])

    @property
    def measured_kwh(self) -> float | None:
        """The figure of the level that the worker has."""
        return _sum([phase.kwh for phase in self.phases])

    @property
    def codecarbon_kwh(self) -> float | None:
        """CodeCarbon's model of the whole machine."""
        return _sum([phase.codecarbon_kwh for phase in self.phases])


@dataclass(frozen=True)
class Entry:
    """A dataset and a hidden set, both packed once; a folder in which each run gets one of its own."""

    settings: Settings
    sandbox: Sandbox
    folder: Path
    megapixels: float
    packing_cpu_seconds: float | None

    def run(self) -> Took:
        """Training and prediction under a meter that begins before, as a worker's does. RepeatingError."""
        with attempt_folder(self.settings.scratch) as folder:
            (folder / "meter").mkdir()
            gpu = gpu_of(self.settings.device)
            with CodeCarbon(self.settings.country_iso, folder / "meter", gpu=gpu) as second:
                return self._metered(folder, Meter(self.settings, self.sandbox.name, second, readers_of(self.settings)))

    def _metered(self, folder: Path, meter: Meter) -> Took:
        request = {"recipe": REQUEST["recipe"], "threads": LIMITS.cpus}
        asked = request | {"seeds": [0], "classes": len(REQUEST["classes"])}
        trained, training = self._phase(folder, Phase.TRAIN, asked, {"pack.safetensors": self.folder / "pack"}, meter)
        inputs = {"hidden.safetensors": self.folder / "hidden", "weights.safetensors": trained / "weights.safetensors"}
        predicted, predicting = self._phase(folder, Phase.PREDICT, request, inputs, meter)
        return Took(_gflop(trained) + _gflop(predicted), [training, predicting])

    def _phase(
        self, folder: Path, phase: Phase, request: dict[str, Any], inputs: dict[str, Path], meter: Meter
    ) -> tuple[Path, Energy]:
        with meter.running():
            out, end = run_sandboxed(self.sandbox, self.settings, folder, phase, request, inputs)
        return out, meter.reading(phase, end)


def prepared(settings: Settings, sandbox: Sandbox, folder: Path, *, train: int = TRAIN, side: int = SIDE) -> Entry:
    """Draw the archives and pack them, in the sandbox; what reading the dataset took is kept."""
    classes: Sequence[str] = REQUEST["classes"]
    train, val = write_splits(folder / "data.zip", train=train, side=side, classes=classes, seed=1)
    write_flat(folder / "hidden.zip", images=HIDDEN, side=SIDE, seed=2)
    flat = REQUEST | {"layout": "flat", "classes": []}
    ends: dict[str, Exit] = {}
    for name, archive, request in (("pack", "data.zip", REQUEST), ("hidden", "hidden.zip", flat)):
        packing = folder / f"packing-{name}"
        packing.mkdir()
        inputs = {"archive.zip": folder / archive}
        out, ends[name] = run_sandboxed(sandbox, settings, packing, Phase.INGEST, request, inputs)
        (out / "pack.safetensors").rename(folder / name)
    return Entry(settings, sandbox, folder, (train + val) * side * side / 1e6, ends["pack"].cpu_seconds)


def run_sandboxed(
    sandbox: Sandbox, settings: Settings, folder: Path, phase: Phase, request: dict[str, Any], inputs: dict[str, Path]
) -> tuple[Path, Exit]:
    """One phase to its end; RepeatingError unless it did its part."""
    out = folder / f"out-{phase}"
    out.mkdir()
    asked = folder / f"request-{phase}.json"
    asked.write_text(json.dumps(request))
    mounts = [Mount(asked, REQUEST_PATH), *(Mount(path, inside(name)) for name, path in inputs.items())]
    end = sandbox.run(
        sandbox.image_id(settings.model_image),
        command(phase),
        mounts=mounts,
        output=out,
        limits=LIMITS,
        stop=threading.Event(),
        label=f"repeatability-{phase}",
    )
    if end.outcome is not Outcome.OK:
        raise RepeatingError(f"{phase} ended with {end.outcome}:\n{end.log}")
    return out, end


def _gflop(out: Path) -> float:
    gflop: float = json.loads((out / "outcome.json").read_bytes())["gflop"]
    return gflop


def _sum(values: list[float | None]) -> float | None:
    known = [each for each in values if each is not None]
    return sum(known) if len(known) == len(values) else None
