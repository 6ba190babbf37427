"""Prediction: logits of images by a network that no longer learns."""

from __future__ import annotations

import torch
from torch import Tensor

from fixed_model.network import Network, prepare
from fixed_model.recipe import Recipe


@torch.inference_mode()
def predict(network: Network, images: Tensor, recipe: Recipe) -> Tensor:
    """Logits [N, K] of raw pixels [N, H, W, C], in order, in large batches; leaves the network in evaluation mode."""
    network.eval()
    return torch.cat([network(prepare(batch, recipe)) for batch in torch.split(images, recipe.eval_batch)])
