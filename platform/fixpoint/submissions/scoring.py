"""Logits meet the hidden labels, here and only here."""

from dataclasses import dataclass
from fractions import Fraction
from statistics import fmean, stdev

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load


class LogitsError(ValueError):
    """What came back is not one finite row of logits per seed and hidden image."""


@dataclass(frozen=True)
class Score:
    """Which images [S, N] each seed got right: its largest logit (the first of equal ones) is their label.

    `is_public` [N] parts them: scores are told of the public ones while the task runs, of the private ones at its end.
    """

    correct: npt.NDArray[np.bool_]
    is_public: npt.NDArray[np.bool_]

    @property
    def public(self) -> npt.NDArray[np.bool_]:
        """Of the public images alone."""
        return self.correct[:, self.is_public]

    @property
    def exact(self) -> Fraction:
        """The score of the public images, mean over the seeds: a whole number of right answers, and of all."""
        return Fraction(int(self.public.sum()), self.public.size)

    @property
    def accuracies(self) -> list[float]:
        """Share of right public images of each seed."""
        return [float(each.mean()) for each in self.public]

    @property
    def accuracy(self) -> float:
        """Their mean."""
        return float(self.exact)

    @property
    def accuracies_private(self) -> list[float] | None:
        """Share of right private images of each seed; None where there are no private ones."""
        if self.is_public.all():
            return None
        return [float(each.mean()) for each in self.correct[:, ~self.is_public]]

    @property
    def accuracy_private(self) -> float | None:
        """Their mean: what the entry is ranked by when the task is over."""
        return None if self.accuracies_private is None else fmean(self.accuracies_private)

    @property
    def spread(self) -> float | None:
        """Sample standard deviation of the seeds' public accuracies; None for one seed, which has none."""
        return stdev(self.accuracies) if len(self.correct) > 1 else None

    @property
    def spread_private(self) -> float | None:
        """The same of the private ones; None where there are none too."""
        private = self.accuracies_private
        return stdev(private) if private is not None and len(private) > 1 else None

    @property
    def bits(self) -> bytes:
        """For each seed a row of one bit per image in numbered order, filled up to a whole byte."""
        return np.packbits(self.correct, axis=1).tobytes()


def score(
    logits_file: bytes,
    labels: npt.NDArray[np.int64],
    *,
    seeds: int,
    classes: int,
    is_public: npt.NDArray[np.bool_] | None = None,
) -> Score:
    """Score a `logits.safetensors` (float32 [S, N, K]) against N labels in the same order; LogitsError if it is not.

    Without `is_public` [N] all images are.
    """
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
    everywhere = np.ones(len(labels), dtype=np.bool_)
    return Score(logits.argmax(axis=2) == labels, everywhere if is_public is None else is_public)
