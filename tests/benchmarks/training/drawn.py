"""The images that all three train on: drawn ones, so that everyone has the same. As files, and as our pack."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from demo.bundle import Amounts, generate
from demo.strokes import NUMERALS
from tests.benchmarks.request import REQUEST
from tests.benchmarks.training.processes import ROOT, environment


@dataclass(frozen=True)
class Drawn:
    """Folders of <class>/… for the loops that read files, a pack for ours, the number of training images.

    Validation is one image a class: it must be there, and is not what is measured.
    """

    train: Path
    val: Path
    pack: Path
    images: int


def draw(folder: Path, per_class: int) -> Drawn:
    """Draw, unpack, ingest."""
    archive = generate(folder / "drawn", Amounts(train=per_class, val=1, hidden=1, book=1), seed=2021).cleaned
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder / "files")
    [train] = (folder / "files").glob("*/train")
    request = folder / "ingest.json"
    request.write_text(json.dumps(REQUEST))
    command = ["ingest", "--request", str(request), "--archive", str(archive), "--out", str(folder)]
    subprocess.run([sys.executable, "-m", "fixed_model", *command], cwd=ROOT, env=environment(), check=True)
    return Drawn(train, train.with_name("val"), folder / "pack.safetensors", per_class * len(NUMERALS))
