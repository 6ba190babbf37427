"""Peak memory of a training with as many images as an entry may have, beyond that of loading torch."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from demo.strokes import NUMERALS
from fixed_model.recipe import DCAI2021
from tests.benchmarks.training.processes import answer, ours

VAL_SHARE = 10  # one image in so many
LOAD = """\
import json, torch
from tests.benchmarks.training.resident import peak_rss_mib
print(json.dumps({"peak_rss_mib": peak_rss_mib()}))
"""


@dataclass(frozen=True)
class Memory:
    """MiB resident at the peak: of `import torch` alone, of a training on grey images, of one on coloured images."""

    torch: float
    grey: float
    colour: float

    @property
    def beyond(self) -> float:
        """The worse of both, beyond torch."""
        return max(self.grey, self.colour) - self.torch


def measure(folder: Path, images: int) -> Memory:
    """Train on drawn noise of each kind: memory does not ask what is in the pictures."""
    torch = answer([sys.executable, "-c", LOAD])["peak_rss_mib"]
    grey, colour = (trained(folder / f"memory-{channels}", images, channels) for channels in (1, 3))
    return Memory(torch, grey, colour)


def trained(folder: Path, images: int, channels: int) -> float:
    """The peak of one training."""
    folder.mkdir()
    write_noise(folder / "pack.safetensors", images, channels)
    return float(ours("whole", folder / "pack.safetensors", folder)["peak_rss_mib"])


def write_noise(path: Path, images: int, channels: int) -> None:
    """A pack as ingest writes it, without digests."""
    dice, side = np.random.default_rng(0), DCAI2021.input_size
    tensors = {
        "images": dice.integers(0, 256, (images, channels, side, side), np.uint8).astype(np.float32),
        "labels": dice.integers(0, len(NUMERALS), images),
        "split": (np.arange(images) >= images - images // VAL_SHARE).astype(np.uint8),
    }
    save_file(tensors, path)
