"""Training: one loop from fresh weights to the epoch that was best on the participant's own val images."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from fixed_model.network import build, prepare
from fixed_model.predict import predict
from fixed_model.recipe import Recipe


@dataclass(frozen=True)
class Examples:
    """Raw pixels [N, H, W, C] (0…255) and labels [N]; the rows' order is part of the data."""

    images: Tensor
    labels: Tensor


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
    """The best epoch and its tensors, on the CPU."""

    best: Epoch
    weights: dict[str, Tensor]


class DivergedError(Exception):
    """A loss stopped being a number in the epoch given."""


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
    network = build(recipe, classes, seed, device)
    optimizer = torch.optim.Adam(
        network.parameters(), lr=recipe.learning_rate, betas=recipe.adam_betas, eps=recipe.adam_eps, fused=True
    )
    images, labels = training.images.to(device), training.labels.to(device)
    val_images, val_labels = validation.images.to(device), validation.labels.to(device)
    count, val_count = len(labels), len(val_labels)
    best = Trained(Epoch(0, math.nan, math.nan, math.nan, math.nan), {})
    step, best_right = 0, -1

    for epoch in range(1, recipe.epochs + 1):
        # --- learn ---
        network.train()
        order = permutation(count, seed, epoch).to(device)
        loss_sum = torch.zeros((), device=device)
        right_sum = torch.zeros((), device=device, dtype=torch.int64)
        for rows in torch.split(order, recipe.batch):
            target = labels[rows]
            logits = network(prepare(images[rows], recipe))
            loss = functional.cross_entropy(logits, target)
            loss.backward()  # type: ignore[no-untyped-call]
            step += 1
            # Keras adds epsilon before the second moment's bias correction, torch after it: this makes them equal.
            optimizer.param_groups[0]["eps"] = recipe.adam_eps / math.sqrt(1 - recipe.adam_betas[1] ** step)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            loss_sum += loss.detach() * len(rows)
            right_sum += (logits.detach().argmax(1) == target).sum()

        # --- judge ---
        val_logits = predict(network, val_images, recipe)
        val_loss = functional.cross_entropy(val_logits, val_labels).item()
        val_right = int((val_logits.argmax(1) == val_labels).sum())
        report = Epoch(epoch, loss_sum.item() / count, int(right_sum) / count, val_loss, val_right / val_count)
        if not (math.isfinite(report.loss) and math.isfinite(report.val_loss)):
            raise DivergedError(epoch)
        if val_right > best_right:  # the first of equals wins
            best_right = val_right
            best = Trained(report, {name: tensor.cpu().clone() for name, tensor in network.state_dict().items()})
        on_epoch(report)

    return best


def permutation(count: int, seed: int, epoch: int) -> Tensor:
    """The order of all rows in an epoch, drawn from (seed, epoch) and nothing else."""
    drawn = hashlib.sha256(f"{seed}/{epoch}".encode()).digest()[:8]
    dice = torch.Generator().manual_seed(int.from_bytes(drawn, "big") >> 1)
    return torch.randperm(count, generator=dice)
