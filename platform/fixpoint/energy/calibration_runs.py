"""`python -m fixpoint.energy.calibration_runs OUT.json`: runs the locked model at many sizes."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import Any

from fixpoint.energy.sample_archive import write_flat, write_splits

RECIPE = "resnet50-dcai2021-quick"
CLASSES = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
TRAIN_IMAGES = (60, 300, 1200)
SIDES = (64, 256, 640, 1024)
"""Pixels: work and decoding vary independently of each other."""
HIDDEN_IMAGES, HIDDEN_SIDE = 200, 64
LIMITS = {
    "images": 10_000,
    "image_bytes": 2**24,
    "image_pixels": 10**7,
    "archive_bytes": 2**32,
    "unpacked_bytes": 2**33,
}


@dataclass(frozen=True)
class Took:
    """CPU-seconds of a program and its children as the kernel counts them, and seconds of wall clock."""

    cpu_seconds: float
    wall_seconds: float


class StageError(Exception):
    """The model's program did not do its part."""


def run_stage(stage: str, request: dict[str, Any], out: Path, *, threads: int, **inputs: Path) -> Took:
    """One stage of the model as a worker runs it, without a sandbox. Raises StageError with the end of what it said."""
    out.mkdir()
    asked = out / "request.json"
    asked.write_text(json.dumps(request), encoding="utf-8")
    options = [part for name, path in inputs.items() for part in (f"--{name}", str(path))]
    command = [sys.executable, "-m", "fixed_model", stage, "--request", str(asked), *options, "--out", str(out)]
    environment = os.environ | {"OMP_NUM_THREADS": str(threads)}
    said = out / "said.txt"
    began = time.monotonic()
    with said.open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log, env=environment) as program:
        _, status, usage = os.wait4(program.pid, 0)
        program.returncode = os.waitstatus_to_exitcode(status)
    took = Took(usage.ru_utime + usage.ru_stime, time.monotonic() - began)
    if program.returncode or _outcome(out)["outcome"] != "done":
        raise StageError(f"{stage} failed: {said.read_text(errors='replace')[-2000:]}")
    return took


def run_entry(folder: Path, *, train: int, side: int, threads: int, recipe: str = RECIPE) -> dict[str, Any]:
    """Ingest, train and predict one dataset, as a row of the raw file."""
    packed = {"recipe": recipe, "limits": LIMITS, "sheet_per_class": 12}
    train, val = write_splits(folder / "data.zip", train=train, side=side, classes=CLASSES, seed=train + side)
    hidden = write_flat(folder / "hidden.zip", images=HIDDEN_IMAGES, side=HIDDEN_SIDE, seed=1)
    flat = packed | {"layout": "flat", "classes": []}
    splits = packed | {"layout": "splits", "classes": CLASSES}
    run_stage("ingest", flat, folder / "hidden", threads=threads, archive=folder / "hidden.zip")
    common = {"recipe": recipe, "threads": threads}
    phases = {
        "ingest": run_stage("ingest", splits, folder / "ingest", threads=threads, archive=folder / "data.zip"),
        "train": run_stage(
            "train",
            common | {"seeds": [0], "classes": len(CLASSES)},
            folder / "train",
            threads=threads,
            pack=folder / "ingest" / "pack.safetensors",
        ),
        "predict": run_stage(
            "predict",
            common,
            folder / "predict",
            threads=threads,
            pack=folder / "hidden" / "pack.safetensors",
            weights=folder / "train" / "weights.safetensors",
        ),
    }
    return {
        "train": train,
        "val": val,
        "hidden": hidden,
        "side": side,
        "gflop": sum(_outcome(folder / phase)["gflop"] for phase in ("train", "predict")),
        "recipe_digest": _outcome(folder / "train")["recipe_digest"],
        "megapixels": (train + val) * side * side / 1e6,
        "cpu_seconds": sum(took.cpu_seconds for took in phases.values()),
        "wall_seconds": sum(took.wall_seconds for took in phases.values()),
        "phases": {name: asdict(took) for name, took in phases.items()},
    }


def _outcome(out: Path) -> dict[str, Any]:
    outcome: dict[str, Any] = json.loads((out / "outcome.json").read_text(encoding="utf-8"))
    return outcome


def machine() -> dict[str, Any]:
    """What the runs ran on, as far as it shows itself."""
    wanted = ("model name", "cpu family", "model", "stepping")
    lines = (line.partition(":") for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines())
    cpu = {name.strip(): value.strip() for name, _, value in lines if name.strip() in wanted}
    return {"cpu": cpu, "cores": os.cpu_count(), "load_before": os.getloadavg(), "python": platform.python_version()}


def main(arguments: list[str]) -> None:
    """Every number of train images at every side, largest last; the file is whole after every run."""
    parser = argparse.ArgumentParser(prog="python -m fixpoint.energy.calibration_runs", description=__doc__)
    parser.add_argument("out", type=Path, metavar="OUT.json", help="where to write the raw runs")
    parser.add_argument("--threads", type=int, default=1, help="more than one also count the time they wait in")
    parser.add_argument("--recipe", default=RECIPE, help="the quick one is as long as a fit needs")
    parser.add_argument("--train", type=_numbers, default=TRAIN_IMAGES, help="numbers of train images, by commas")
    parser.add_argument("--sides", type=_numbers, default=SIDES, help="pixels a side, by commas")
    asked = parser.parse_args(arguments)
    if asked.out.exists():
        parser.error(f"{asked.out.name} is there already, and raw runs that are published never change.")
    raw = {"format": 1, "recipe": asked.recipe, "threads": asked.threads, "machine": machine()}
    runs: list[dict[str, Any]] = []
    for train, side in product(asked.train, asked.sides):
        with tempfile.TemporaryDirectory() as folder:
            runs.append(run_entry(Path(folder), train=train, side=side, threads=asked.threads, recipe=asked.recipe))
        asked.out.write_text(json.dumps(raw | {"runs": runs}, indent=1) + "\n", encoding="utf-8")
        sys.stdout.write(f"{train:6} images of {side:4} pixels: {runs[-1]['cpu_seconds']:8.2f} CPU-seconds\n")
        sys.stdout.flush()


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


if __name__ == "__main__":
    main(sys.argv[1:])
