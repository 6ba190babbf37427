"""The network while it learns: one step on one batch, from raw pixels to the gradient of every weight."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from fixed_model.architecture import Bottleneck, architecture
from fixed_model.columns import Inner, Windowed
from fixed_model.direct import Direct, OrderedPool
from fixed_model.layers import Norm, Pointwise, Pool, planes, rectify_backward
from fixed_model.recipe import Recipe
from fixed_model.weights import Weights


@dataclass(frozen=True)
class Kit:
    """The layers that a kind of device does in its own way: the first convolution, those within, the pooling."""

    stem: type[Windowed | Direct]
    window: type[Inner | Direct]
    pool: type[Pool]


CPU, GPU = Kit(Windowed, Inner, Pool), Kit(Direct, Direct, OrderedPool)


class Network:
    """All layers for batches of one size, in training mode, over weights that it shares with others."""

    def __init__(self, weights: Weights, recipe: Recipe, batch: int, kit: Kit) -> None:
        plan = architecture(recipe)
        self.means = torch.tensor(recipe.bgr_means, device=weights.values.device)
        self.stem = kit.stem(weights, plan.stem, batch)
        self.norm = Norm(weights, plan.stem.norm, recipe, self.stem.output)
        self.pool = kit.pool(self.norm.output)
        x = self.pool.output
        self.blocks = []
        for block in plan.blocks:
            self.blocks.append(Block(weights, block, recipe, x, kit))
            x = self.blocks[-1].output
        self.last = planes(x)
        self.head, self.head_gradient = weights.value("fc.weight"), weights.gradient("fc.weight")
        self.bias, self.bias_gradient = weights.value("fc.bias"), weights.gradient("fc.bias")
        self.one_hot = torch.eye(len(self.bias), device=weights.values.device)

    def learn(self, images: Tensor, labels: Tensor) -> Tensor:
        """Logits [N, K] of raw pixels [N, H, W, C]; the gradients of the mean cross-entropy go to the weights."""
        # --- forward ---
        torch.sub(bgr(images), self.means, out=self.stem.input)
        self.stem.forward()
        self.norm.forward()
        self.pool.forward()
        self.pool.output.relu_()
        for block in self.blocks:
            block.forward()
        features = self.last.mean((2, 3))
        logits = torch.addmm(self.bias, features, self.head.t())

        # --- backward ---
        above = torch.softmax(logits, 1).sub_(self.one_hot[labels]).div_(len(labels))
        torch.mm(above.t(), features, out=self.head_gradient)
        torch.sum(above, 0, out=self.bias_gradient)
        pixels = self.last.shape[2] * self.last.shape[3]
        below = torch.mm(above, self.head).div_(pixels)[..., None, None].expand_as(self.last)
        gradient = below.permute(0, 2, 3, 1).contiguous()
        for block in reversed(self.blocks):
            gradient = block.backward(gradient)
        rectify_backward(gradient, self.pool.output)
        self.stem.learn(self.norm.backward(self.pool.backward(gradient)))
        return logits


class Block:
    """A bottleneck: three convolutions and a shortcut, added and rectified."""

    def __init__(self, weights: Weights, plan: Bottleneck, recipe: Recipe, x: Tensor, kit: Kit) -> None:
        self.first = Pointwise(weights, plan.first, x)
        self.norm1 = Norm(weights, plan.first.norm, recipe, self.first.output)
        self.second = kit.window(weights, plan.second, len(x))
        self.norm2 = Norm(weights, plan.second.norm, recipe, self.second.output)
        self.third = Pointwise(weights, plan.third, self.norm2.output)
        self.norm3 = Norm(weights, plan.third.norm, recipe, self.third.output)
        self.output = torch.empty_like(self.third.output)
        self.below3 = torch.empty_like(self.norm2.output)
        self.beside = x
        self.shortcut: Pointwise | None = None
        if plan.shortcut is not None:
            self.shortcut = Pointwise(weights, plan.shortcut, x)
            self.shortcut_norm = Norm(weights, plan.shortcut.norm, recipe, self.shortcut.output)
            self.beside, self.below = self.shortcut_norm.output, torch.empty_like(x)

    def forward(self) -> None:
        """Both branches, added, rectified."""
        self.first.forward()
        self.norm1.forward()
        torch.clamp_min(self.norm1.output, 0, out=self.second.input)
        self.second.forward()
        self.norm2.forward()
        self.norm2.output.relu_()
        self.third.forward()
        self.norm3.forward()
        if self.shortcut is not None:
            self.shortcut.forward()
            self.shortcut_norm.forward()
        torch.add(self.norm3.output, self.beside, out=self.output)
        self.output.relu_()

    def backward(self, gradient: Tensor) -> Tensor:
        """The input's gradient; the one given is used up."""
        rectify_backward(gradient, self.output)
        self.third.backward(self.norm3.backward(gradient), self.below3)
        rectify_backward(self.below3, self.norm2.output)
        below2 = self.second.backward(self.norm2.backward(self.below3))
        rectify_backward(below2, self.second.input)
        below1 = self.norm1.backward(below2)
        below = gradient  # what a shortcut without a layer hands down
        if self.shortcut is not None:
            below = self.below
            self.shortcut.backward(self.shortcut_norm.backward(gradient), below)
        self.first.backward_onto(below1, below)
        return below


def bgr(images: Tensor) -> Tensor:
    """RGB turned round; grey stays."""
    return images.flip(-1) if images.shape[-1] > 1 else images
