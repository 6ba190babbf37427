"""How an entry learned, or is learning: its epochs, seed by seed and as a mean over them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import fmean

from fixpoint.submissions.models import Epoch, Submission


@dataclass(frozen=True)
class SeedProgress:
    """The epochs of one seed so far, from the first on; never none."""

    epochs: Sequence[Epoch]

    @property
    def last(self) -> Epoch:
        """The epoch that ended last."""
        return self.epochs[-1]

    @property
    def best(self) -> Epoch:
        """The first of those with the best accuracy on the participant's own val: the one that is kept."""
        return max(self.epochs, key=lambda epoch: (epoch.val_accuracy, -epoch.epoch))


@dataclass(frozen=True)
class Progress:
    """The newest attempt so far; `count` is how many seeds it will train, some of which may not have begun."""

    seeds: Sequence[SeedProgress]
    count: int

    @property
    def epochs(self) -> int:
        """How many epochs each seed has."""
        return self.seeds[0].last.epochs

    @property
    def done(self) -> int:
        """Epochs that have ended, of all seeds."""
        return sum(len(each.epochs) for each in self.seeds)

    @property
    def total(self) -> int:
        """Epochs that there will be, of all seeds."""
        return self.count * self.epochs

    @property
    def only(self) -> SeedProgress | None:
        """The one seed; None where there are several."""
        return self.seeds[0] if self.count == 1 else None

    @property
    def losses(self) -> list[float]:
        """Training loss by epoch."""
        return self._means(lambda epoch: epoch.loss)

    @property
    def val_losses(self) -> list[float]:
        """Loss on val by epoch."""
        return self._means(lambda epoch: epoch.val_loss)

    @property
    def accuracies(self) -> list[float]:
        """Accuracy on train by epoch."""
        return self._means(lambda epoch: epoch.accuracy)

    @property
    def val_accuracies(self) -> list[float]:
        """Accuracy on val by epoch."""
        return self._means(lambda epoch: epoch.val_accuracy)

    def _means(self, figure: Callable[[Epoch], float]) -> list[float]:
        """By epoch, each the mean over the seeds that have ended it."""
        curves = [[figure(epoch) for epoch in each.epochs] for each in self.seeds]
        longest = max(map(len, curves))
        return [fmean(curve[index] for curve in curves if index < len(curve)) for index in range(longest)]


def progress_of(entry: Submission) -> Progress | None:
    """None before the first epoch has ended. Seeds stand in the entry's own order."""
    epochs = entry.epochs.filter(attempt=entry.attempt).order_by("seed", "epoch")
    by_seed = {seed: SeedProgress(list(group)) for seed, group in groupby(epochs, key=lambda epoch: epoch.seed)}
    seeds = [by_seed[seed] for seed in entry.seeds if seed in by_seed]
    return Progress(seeds, count=len(entry.seeds)) if seeds else None
