"""Logits meet the hidden labels, here and only here."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load


class LogitsError(ValueError):
    """What came back is not one finite row of logits per hidden image."""


@dataclass(frozen=True)
class Score:
    """Share of hidden images whose largest logit is their label (the first of equal ones), and which those are."""

    accuracy: float
    correct: npt.NDArray[np.bool_]

    @property
    def bits(self) -> bytes:
        """One bit per image in numbered order."""
        return np.packbits(self.correct).tobytes()


def score(logits_file: bytes, labels: npt.NDArray[np.int64], classes: int) -> Score:
    """Score a `logits.safetensors` (float32 [N, K]) against N labels in the same order; LogitsError if it is not so."""
    try:
        tensors = load(logits_file)
    except SafetensorError as error:
        raise LogitsError(f"The logits are no safetensors file: {error}") from error
    logits = tensors.get("logits")
    if logits is None or logits.dtype != np.float32 or logits.shape != (len(labels), classes):
        found = "nothing" if logits is None else f"{logits.dtype} {logits.shape}"
        raise LogitsError(f"Expected float32 ({len(labels)}, {classes}) logits, found {found}.")
    if not np.isfinite(logits).all():
        raise LogitsError("The logits are not all finite.")
    correct = logits.argmax(axis=1) == labels
    return Score(accuracy=float(correct.mean()), correct=correct)
