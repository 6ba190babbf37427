"""Training: one loop from fresh weights to the epoch that was best on the participant's own val images."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from fixed_model.dynamics import Dynamics
from fixed_model.predict import Folded
from fixed_model.recipe import Recipe
from fixed_model.step import Step
from fixed_model.weights import fresh


@dataclass(frozen=True)
class Examples:
    """Raw pixels [N, H, W, C] (0…255) and labels [N]; the rows' order is part of the data."""

    images: Tensor
    labels: Tensor

    def to(self, device: torch.device) -> Examples:
        """The same on a device."""
        return Examples(self.images.to(device), self.labels.to(device))


@dataclass(frozen=True)
class Epoch:
    """What one pass did: mean cross-entropy and share of right answers, while learning and on val."""

    epoch: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float


@dataclass(frozen=True)
class Trained:
    """The best epoch, its tensors, and what was seen of the images on the way (fixed_model/dynamics.py); on the CPU."""

    best: Epoch
    weights: dict[str, Tensor]
    dynamics: dict[str, Tensor]


class DivergedError(Exception):
    """A loss stopped being a number in the epoch given."""


@torch.inference_mode()
def train(
    recipe: Recipe,
    training: Examples,
    validation: Examples,
    *,
    classes: int,
    seed: int,
    device: torch.device,
    on_epoch: Callable[[Epoch], None],
) -> Trained:
    """Train as the recipe says. `on_epoch` hears of every finished epoch and changes nothing."""
    # --- set-up ---
    weights = fresh(recipe, classes, seed, device)
    step = Step(weights, recipe)
    training, validation = training.to(device), validation.to(device)
    count, val_count = len(training.labels), len(validation.labels)
    dynamics = Dynamics(recipe.epochs, training.labels)
    best, best_right = Epoch(0, math.nan, math.nan, math.nan, math.nan), -1

    for epoch in range(1, recipe.epochs + 1):
        # --- learn ---
        order = permutation(count, seed, epoch).to(device)
        labels = training.labels[order]
        batches = zip(torch.split(order, recipe.batch), torch.split(labels, recipe.batch), strict=True)
        logits = torch.cat([step.learn(training.images[rows], target) for rows, target in batches])
        loss = functional.cross_entropy(logits, labels).item()
        right = int((logits.argmax(1) == labels).sum())
        dynamics.note(epoch, order, logits)

        # --- judge ---
        folded = Folded(weights, recipe)
        val_logits = folded.logits(folded.features(validation.images))
        val_loss = functional.cross_entropy(val_logits, validation.labels).item()
        val_right = int((val_logits.argmax(1) == validation.labels).sum())
        if not (math.isfinite(loss) and math.isfinite(val_loss)):
            raise DivergedError(epoch)
        report = Epoch(epoch, loss, right / count, val_loss, val_right / val_count)
        if val_right > best_right:  # the first of equals wins
            best, best_right, kept = report, val_right, weights.state()
        on_epoch(report)

    # --- look back ---
    weights.load(kept)
    folded = Folded(weights, recipe)
    return Trained(best, kept, dynamics.tensors(folded, training.images, validation.images))


def permutation(count: int, seed: int, epoch: int) -> Tensor:
    """The order of all rows in an epoch, drawn from (seed, epoch) and nothing else."""
    drawn = hashlib.sha256(f"{seed}/{epoch}".encode()).digest()[:8]
    dice = torch.Generator().manual_seed(int.from_bytes(drawn, "big") >> 1)
    return torch.randperm(count, generator=dice)
