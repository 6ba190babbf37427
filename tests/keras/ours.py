"""fixed_model as the comparison sees it: all that touches our model's and our images' code stands here."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from fixed_model.device import make_deterministic
from fixed_model.images import decode, resize
from fixed_model.network import Network, build, prepare
from fixed_model.predict import predict
from fixed_model.recipe import DCAI2021

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
    return tensors(build(DCAI2021, CLASSES, seed, CPU))


def eval_logits(weights: Weights, images: Floats) -> Floats:
    """Logits [N, K] of raw RGB images [N, 32, 32, 3] by a network that no longer learns."""
    return predict(loaded(weights), torch.from_numpy(images), DCAI2021).numpy()


def train_steps(weights: Weights, images: Floats, labels: NDArray[np.int64]) -> Trained:
    """Steps on batches [S, N, 32, 32, 3], as fixed_model.train takes them."""
    network = loaded(weights).train()
    optimizer = torch.optim.Adam(network.parameters(), lr=DCAI2021.learning_rate, betas=DCAI2021.adam_betas, fused=True)
    losses, gradients, after = [], {}, []
    for step, (batch, target) in enumerate(zip(torch.from_numpy(images), torch.from_numpy(labels), strict=True), 1):
        loss = functional.cross_entropy(network(prepare(batch, DCAI2021)), target)
        loss.backward()
        if step == 1:
            gradients = {name: each.grad.numpy().copy() for name, each in network.named_parameters()}
        optimizer.param_groups[0]["eps"] = DCAI2021.adam_eps / math.sqrt(1 - DCAI2021.adam_betas[1] ** step)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        losses.append(loss.item())
        after.append(tensors(network))
    return Trained(losses, gradients, after)


def decoded(data: bytes) -> NDArray[np.uint8]:
    """A file's pixels [H, W, 3]; ours keep one channel where all three are equal, TensorFlow three."""
    pixels = decode(data, PIXEL_LIMIT).pixels
    return np.broadcast_to(pixels, (*pixels.shape[:2], 3))


def resized(pixels: NDArray[np.uint8]) -> Floats:
    """Pixels [H, W, C] at the recipe's input size [32, 32, C]."""
    return resize(pixels, DCAI2021.input_size).transpose(1, 2, 0)


def loaded(weights: Weights) -> Network:
    """A network with these tensors."""
    make_deterministic(1)
    network = build(DCAI2021, CLASSES, 0, CPU)
    network.load_state_dict({name: torch.from_numpy(each.copy()) for name, each in weights.items()})
    return network


def tensors(network: Network) -> Weights:
    """A copy of everything that a network holds."""
    return {name: each.detach().contiguous().numpy().copy() for name, each in network.state_dict().items()}
