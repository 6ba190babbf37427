"""Packs for tests, written as ingest writes them, and the program as a process that trains on them."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file

from fixed_model.recipe import DCAI2021_QUICK

QUICK = DCAI2021_QUICK.name
SOURCE = Path(__file__).parents[2]

Arrays = dict[str, NDArray[Any]]


def contents(train: int = 9, val: int = 4, classes: int = 2, channels: int = 1, seed: int = 0) -> Arrays:
    """Noise with a bright row whose place is the label."""
    count = train + val
    images = np.random.default_rng(seed).uniform(0, 90, (count, channels, 32, 32)).astype(np.float32)
    labels = np.arange(count, dtype=np.int64) % classes
    images[np.arange(count), :, labels % 32] = 255
    return {"images": images, "labels": labels, "split": np.array([0] * train + [1] * val, np.uint8)}


def packed(folder: Path, arrays: Arrays | None = None) -> Path:
    """A pack in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file(arrays or contents(), folder / "pack.safetensors")
    return folder / "pack.safetensors"


def program(
    *arguments: str, environment: dict[str, str] | None = None, cwd: Path = SOURCE, before: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """`python -m fixed_model …`; words `before` it run it."""
    return subprocess.run(
        [*before, sys.executable, "-m", "fixed_model", *arguments],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(SOURCE)} | (environment or {}),
        capture_output=True,
        text=True,
    )


def stage(pack: Path, out: Path, **asked: Any) -> list[str]:
    """The arguments of the stage that trains on a pack, its request written beside the output."""
    out.mkdir(parents=True, exist_ok=True)
    request = out.with_name(f"{out.name}-request.json")
    request.write_text(json.dumps({"recipe": QUICK, "seeds": [0], "threads": 1, "classes": 2} | asked))
    return ["train", "--request", str(request), "--pack", str(pack), "--out", str(out)]


def said(out: Path) -> dict[str, Any]:
    """A stage's outcome."""
    outcome: dict[str, Any] = json.loads((out / "outcome.json").read_bytes())
    return outcome


def digests(done: subprocess.CompletedProcess[str], out: Path) -> dict[int, str]:
    """The digest of each seed's weights, after a training that ended well."""
    assert done.returncode == 0, done.stderr
    return {one["seed"]: one["weights_digest"] for one in said(out)["seeds"]}
