"""Prediction: features and logits of images by weights that no longer move, normalisation folded into kernels."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from fixed_model.architecture import Bottleneck, Convolution, architecture
from fixed_model.recipe import Recipe
from fixed_model.weights import Weights


class Folded:
    """The network in evaluation mode: a kernel and a bias where a convolution and its normalisation stood."""

    def __init__(self, weights: Weights, recipe: Recipe) -> None:
        self.recipe, self.plan = recipe, architecture(recipe)
        self.means = torch.tensor(recipe.bgr_means, device=weights.values.device)
        values = weights.tensors(weights.values)
        self.head, self.bias = values["fc.weight"], values["fc.bias"]
        self.kernels, self.biases = {}, {}
        for one in self.plan.convolutions():
            mean, variance = (weights.statistics[f"{one.norm}.running_{name}"] for name in ("mean", "var"))
            scale = values[f"{one.norm}.weight"] / torch.sqrt(variance + recipe.batch_norm_eps)
            kernel = values[f"{one.name}.weight"] * scale[:, None, None, None]
            self.kernels[one.name] = kernel.contiguous(memory_format=torch.channels_last)
            self.biases[one.name] = values[f"{one.norm}.bias"] - mean * scale

    def features(self, images: Tensor) -> Tensor:
        """Pooled features [N, F] of raw pixels [N, H, W, C], in order, a cache's worth of images at a time."""
        return torch.cat([self.pooled(batch) for batch in torch.split(images, self.recipe.eval_batch)])

    def logits(self, features: Tensor) -> Tensor:
        """Logits [N, K] of pooled features."""
        return functional.linear(features, self.head, self.bias)

    def pooled(self, images: Tensor) -> Tensor:
        """The features of one batch."""
        x = (images.flip(-1) - self.means).permute(0, 3, 1, 2)
        x = self.convolve(x, self.plan.stem).relu_()
        x = functional.max_pool2d(x, 3, 2, 1)
        for block in self.plan.blocks:
            x = self.bottleneck(x, block)
        return x.mean((2, 3))

    def bottleneck(self, x: Tensor, block: Bottleneck) -> Tensor:
        """Both branches, added, rectified."""
        y = self.convolve(x, block.first).relu_()
        y = self.convolve(y, block.second).relu_()
        y = self.convolve(y, block.third)
        return y.add_(x if block.shortcut is None else self.convolve(x, block.shortcut)).relu_()

    def convolve(self, x: Tensor, one: Convolution) -> Tensor:
        """A convolution and what its normalisation makes of it."""
        return functional.conv2d(x, self.kernels[one.name], self.biases[one.name], one.stride, one.kernel // 2)


@torch.inference_mode()
def predict(weights: Weights, images: Tensor, recipe: Recipe) -> Tensor:
    """Logits [N, K] of raw pixels [N, H, W, C], in order."""
    folded = Folded(weights, recipe)
    return folded.logits(folded.features(images))
