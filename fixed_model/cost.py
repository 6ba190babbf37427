"""Arithmetic of a recipe, counted from its numbers alone: what standardised emissions are made of."""

from __future__ import annotations

from fixed_model.architecture import architecture
from fixed_model.recipe import Recipe

GIGA = 1e9


def gflop_eval_image(recipe: Recipe) -> float:
    """One forward pass: two operations per multiply-add of every convolution. The head is left out (< 0.1 ‰)."""
    return sum(2 * one.multiply_adds for one in architecture(recipe).convolutions()) / GIGA


def gflop_train_image(recipe: Recipe) -> float:
    """Forward, gradients of weights, gradients of inputs; the first convolution needs no gradient of its input."""
    macs = [one.multiply_adds for one in architecture(recipe).convolutions()]
    return (6 * sum(macs) - 2 * macs[0]) / GIGA
