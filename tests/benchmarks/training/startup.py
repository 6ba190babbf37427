"""From the start of `python -m fixed_model train` to its first step, beyond what `import torch` takes."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from demo.strokes import NUMERALS
from fixed_model.recipe import DCAI2021
from tests.benchmarks.training.processes import CORES, LONGEST, ROOT, BrokenError, answer, environment

LOAD = "import torch, json, time; print(json.dumps({'at': time.monotonic()}))"
LOOK_EVERY = 0.002  # seconds


@dataclass(frozen=True)
class Startup:
    """Median seconds from the start of a process: to torch being loaded, and to our first step."""

    torch: float
    ours: float

    @property
    def beyond(self) -> float:
        """What is ours."""
        return self.ours - self.torch


def measure(pack: Path, folder: Path, times: int) -> Startup:
    """Both in turn, after one of each that fills the disk's cache."""
    load_torch()
    pairs = [(load_torch(), first_step(pack, folder / f"start-{number}")) for number in range(times)]
    return Startup(*(statistics.median(each) for each in zip(*pairs, strict=True)))


def load_torch() -> float:
    """Seconds; the monotonic clock of Linux is the same in every process."""
    began = time.monotonic()
    return float(answer([sys.executable, "-c", LOAD])["at"]) - began


def first_step(pack: Path, out: Path) -> float:
    """Seconds until progress.jsonl is there, which the program makes once it has loaded all and read the pack."""
    out.mkdir()
    request, progress = out / "request.json", out / "progress.jsonl"
    request.write_text(json.dumps({"recipe": DCAI2021.name, "seeds": [0], "threads": CORES, "classes": len(NUMERALS)}))
    files = ["--request", str(request), "--pack", str(pack), "--out", str(out), "--device", "cpu"]
    began = time.monotonic()
    process = subprocess.Popen([sys.executable, "-m", "fixed_model", "train", *files], cwd=ROOT, env=environment())
    try:
        while not progress.exists():
            if process.poll() is not None or time.monotonic() > began + LONGEST:
                raise BrokenError(f"fixed_model train ended with status {process.poll()} before its first step")
            time.sleep(LOOK_EVERY)
        return time.monotonic() - began
    finally:
        process.kill()
        process.wait()
