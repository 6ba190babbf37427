"""fixed_model as the comparison sees it: all that touches our model's and our images' code stands here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from fixed_model import weights as weights_of
from fixed_model.device import make_deterministic
from fixed_model.images import decode, resize
from fixed_model.predict import predict
from fixed_model.recipe import DCAI2021
from fixed_model.step import Step
from fixed_model.weights import fresh

CPU = torch.device("cpu")
CLASSES = 10
PIXEL_LIMIT = 50_000_000

Floats = NDArray[np.float32]
Weights = dict[str, Floats]
"""Tensors by torchvision's names, running statistics among them."""


@dataclass(frozen=True)
class Trained:
    """The loss of each step, the gradients of the first, and all tensors after each."""

    losses: list[float]
    gradients: Weights
    weights: list[Weights]


def fresh_weights(seed: int) -> Weights:
    """The weights that training starts from."""
    return tensors(fresh(DCAI2021, CLASSES, seed, CPU))


def eval_logits(weights: Weights, images: Floats) -> Floats:
    """Logits [N, K] of raw RGB images [N, 32, 32, 3] by a network that no longer learns."""
    return predict(loaded(weights), torch.from_numpy(images), DCAI2021).numpy()


@torch.inference_mode()
def train_steps(weights: Weights, images: Floats, labels: NDArray[np.int64]) -> Trained:
    """Steps on batches [S, N, 32, 32, 3], as fixed_model.train takes them."""
    mine = loaded(weights)
    step = Step(mine, DCAI2021)
    losses, gradients, after = [], {}, []
    for batch, target in zip(torch.from_numpy(images), torch.from_numpy(labels), strict=True):
        losses.append(functional.cross_entropy(step.learn(batch, target), target).item())
        if not gradients:
            named = mine.tensors(mine.gradients)
            gradients = {name: each.contiguous().numpy().copy() for name, each in named.items()}
        after.append(tensors(mine))
    return Trained(losses, gradients, after)


def decoded(data: bytes) -> NDArray[np.uint8]:
    """A file's pixels [H, W, 3]; ours keep one channel where all three are equal, TensorFlow three."""
    pixels = decode(data, PIXEL_LIMIT).pixels
    return np.broadcast_to(pixels, (*pixels.shape[:2], 3))


def resized(pixels: NDArray[np.uint8]) -> Floats:
    """Pixels [H, W, C] at the recipe's input size [32, 32, C]."""
    return resize(pixels, DCAI2021.input_size).transpose(1, 2, 0)


def loaded(weights: Weights) -> weights_of.Weights:
    """Our weights with these tensors."""
    make_deterministic()
    mine = fresh(DCAI2021, CLASSES, 0, CPU)
    mine.load({name: torch.from_numpy(each.copy()) for name, each in weights.items()})
    return mine


def tensors(mine: weights_of.Weights) -> Weights:
    """A copy of everything learned and kept."""
    return {name: each.numpy() for name, each in mine.state().items()}
