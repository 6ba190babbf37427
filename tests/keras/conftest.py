"""What both sides are asked about: the program that answers for Keras, drawn weights, drawn batches, real pictures."""

from __future__ import annotations

import os
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from tests.keras import ours
from tests.keras.environment import PYTHON

Arrays = dict[str, NDArray[Any]]
Ask = Callable[..., Arrays]
PROGRAM = Path(__file__).with_name("reference.py")


@pytest.fixture(scope="module", autouse=True)
def smallest_numbers() -> Iterator[None]:
    """Ours take numbers below 1e-38 for 0; what comes after these tests does not."""
    yield
    torch.set_flush_denormal(False)


@pytest.fixture(scope="session")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Asks the reference program: a verb, the Keras that answers (2 as in 2021, or 3), and arrays by name."""
    folder, numbers = tmp_path_factory.mktemp("reference"), count()

    def ask(verb: str, arrays: Arrays, *, keras: int = 2) -> Arrays:
        number = next(numbers)
        source, target = folder / f"{number}-in.npz", folder / f"{number}-out.npz"
        np.savez(source, **arrays)
        quiet = {"TF_USE_LEGACY_KERAS": "1" if keras == 2 else "0", "TF_CPP_MIN_LOG_LEVEL": "3"}
        command = [PYTHON, PROGRAM, verb, source, target]
        answer = subprocess.run(command, env=os.environ | quiet, capture_output=True, text=True, check=False)
        if answer.returncode:
            pytest.fail(f"the reference program failed:\n{answer.stderr[-3000:]}", pytrace=False)
        with np.load(target) as arrays:
            return dict(arrays)

    return ask


@pytest.fixture(scope="session")
def weights() -> ours.Weights:
    """A network that has seen something: no scale, shift or statistic is where it started."""
    dice = np.random.default_rng(3)
    drawn = ours.fresh_weights(3)
    for name, tensor in drawn.items():
        if name.endswith("running_mean"):
            drawn[name] = dice.normal(0, 20, tensor.shape).astype(np.float32)
        elif name.endswith("running_var"):
            largest = 2000 if name.startswith("bn1") else 4  # the first sees raw pixels, through 147 weights
            drawn[name] = dice.uniform(largest / 4, largest, tensor.shape).astype(np.float32)
        elif tensor.ndim == 1:
            middle = 1 if name.endswith("weight") else 0
            drawn[name] = (middle + dice.normal(0, 0.2, tensor.shape)).astype(np.float32)
    return drawn


def drawn_batches(steps: int, size: int, seed: int) -> tuple[ours.Floats, NDArray[np.int64]]:
    """Batches [S, N, 32, 32, 3] of raw pixels and their labels [S, N]."""
    dice = np.random.default_rng(seed)
    images = dice.uniform(0, 255, (steps, size, 32, 32, 3)).astype(np.float32)
    return images, dice.integers(0, ours.CLASSES, (steps, size))


def for_keras(weights: ours.Weights) -> Arrays:
    """Weights as the reference program takes them."""
    return {f"weights/{name}": tensor for name, tensor in weights.items()}


@pytest.fixture(scope="session")
def pictures(real_data: Path) -> Callable[[str, int], list[bytes]]:
    """So many files of a real archive, taken evenly from all over it."""

    def pictures(archive: str, number: int) -> list[bytes]:
        with zipfile.ZipFile(real_data / "roman" / archive) as opened:
            names = sorted(name for name in opened.namelist() if name.lower().endswith(".png") and "/._" not in name)
            return [opened.read(names[at]) for at in np.linspace(0, len(names) - 1, number).astype(int)]

    return pictures
