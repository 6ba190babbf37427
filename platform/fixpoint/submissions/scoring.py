"""Logits meet the hidden labels, here and only here."""

from dataclasses import dataclass
from statistics import fmean, stdev

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load


class LogitsError(ValueError):
    """What came back is not one finite row of logits per seed and hidden image."""


@dataclass(frozen=True)
class Score:
    """Which images [S, N] each seed got right: its largest logit (the first of equal ones) is their label."""

    correct: npt.NDArray[np.bool_]

    @property
    def accuracies(self) -> list[float]:
        """Share of right images of each seed."""
        return [float(each.mean()) for each in self.correct]

    @property
    def accuracy(self) -> float:
        """Their mean: what the entry is ranked by."""
        return fmean(self.accuracies)

    @property
    def spread(self) -> float | None:
        """Their sample standard deviation; None for one seed, which has none."""
        return stdev(self.accuracies) if len(self.correct) > 1 else None

    @property
    def bits(self) -> bytes:
        """For each seed a row of one bit per image in numbered order, filled up to a whole byte."""
        return np.packbits(self.correct, axis=1).tobytes()


def score(logits_file: bytes, labels: npt.NDArray[np.int64], *, seeds: int, classes: int) -> Score:
    """Score a `logits.safetensors` (float32 [S, N, K]) against N labels in the same order; LogitsError if it is not."""
    try:
        tensors = load(logits_file)
    except SafetensorError as error:
        raise LogitsError(f"The logits are no safetensors file: {error}") from error
    logits, wanted = tensors.get("logits"), (seeds, len(labels), classes)
    if logits is None or logits.dtype != np.float32 or logits.shape != wanted:
        found = "nothing" if logits is None else f"{logits.dtype} {logits.shape}"
        raise LogitsError(f"Expected float32 {wanted} logits, found {found}.")
    if not np.isfinite(logits).all():
        raise LogitsError("The logits are not all finite.")
    return Score(correct=logits.argmax(axis=2) == labels)
