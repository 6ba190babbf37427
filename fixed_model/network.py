"""The network while it learns: one step on one batch, from raw pixels to the gradient of every weight."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from fixed_model.architecture import Bottleneck, architecture
from fixed_model.bands import Banded
from fixed_model.direct import Direct, DirectStem, OrderedPool
from fixed_model.layers import Norm, Pointwise, Pool, blank, rectify_backward, rows
from fixed_model.recipe import Recipe
from fixed_model.stem import Colour, Grey
from fixed_model.weights import Weights
from fixed_model.workspace import Workspace


@dataclass(frozen=True)
class Kit:
    """The layers that a kind of device does in its own way: the first convolution, those within, the pooling."""

    grey: type[Grey | DirectStem]
    colour: type[Colour | DirectStem]
    window: type[Banded | Direct]
    pool: type[Pool]
    rows_outermost: bool  # how activations lie in memory from the first block on: [H, N, W, C]


CPU = Kit(Grey, Colour, Banded, Pool, rows_outermost=True)
GPU = Kit(DirectStem, DirectStem, Direct, OrderedPool, rows_outermost=False)


class Network:
    """All layers for batches of one size and number of channels, in training mode, over weights shared with others."""

    def __init__(self, weights: Weights, recipe: Recipe, batch: int, channels: int, kit: Kit) -> None:
        plan = architecture(recipe)
        means = torch.tensor(recipe.bgr_means, device=weights.values.device)
        stem = kit.grey if channels == 1 else kit.colour
        self.stem = stem(weights, plan.stem, batch, means)
        self.norm = Norm(weights, plan.stem.norm, recipe, self.stem.output)
        self.pool = kit.pool(self.norm.output)
        self.pool_gradient = torch.empty_like(self.pool.output)
        side, width = self.pool.output.shape[2:]
        self.entry = blank(batch, side, width, self.pool.output, rows_outermost=kit.rows_outermost)
        x, self.blocks, workspace = self.entry, [], Workspace()
        for block in plan.blocks:
            self.blocks.append(Block(weights, block, recipe, x, kit, workspace))
            x = self.blocks[-1].output
        self.average = average(x)
        self.last, self.last_gradient = rows(x), torch.empty_like(x)
        self.last_gradient_rows = rows(self.last_gradient)
        self.head, self.head_gradient = weights.value("fc.weight"), weights.gradient("fc.weight")
        self.bias, self.bias_gradient = weights.value("fc.bias"), weights.gradient("fc.bias")
        self.one_hot = torch.eye(len(self.bias), device=weights.values.device)

    def learn(self, images: Tensor, labels: Tensor) -> Tensor:
        """Logits [N, K] of raw pixels [N, H, W, C]; the gradients of the mean cross-entropy go to the weights."""
        # --- forward ---
        self.stem.forward(images)
        self.norm.forward()
        self.pool.forward()
        torch.clamp_min(self.pool.output, 0, out=self.entry)
        for block in self.blocks:
            block.forward()
        features = torch.mm(self.average, self.last)
        logits = torch.addmm(self.bias, features, self.head.t())

        # --- backward ---
        above = torch.softmax(logits, 1).sub_(self.one_hot[labels]).div_(len(labels))
        torch.mm(above.t(), features, out=self.head_gradient)
        torch.sum(above, 0, out=self.bias_gradient)
        torch.mm(self.average.t(), torch.mm(above, self.head), out=self.last_gradient_rows)
        gradient = self.last_gradient
        for block in reversed(self.blocks):
            gradient = block.backward(gradient)
        rectify_backward(gradient, self.entry, self.pool_gradient)
        self.stem.learn(self.norm.backward(self.pool.backward(self.pool_gradient)))
        return logits


class Block:
    """A bottleneck: three convolutions and a shortcut, added and rectified."""

    def __init__(
        self, weights: Weights, plan: Bottleneck, recipe: Recipe, x: Tensor, kit: Kit, workspace: Workspace
    ) -> None:
        self.first = Pointwise(weights, plan.first, x)
        self.norm1 = Norm(weights, plan.first.norm, recipe, self.first.output)
        self.second = kit.window(weights, plan.second, len(x), workspace)
        self.norm2 = Norm(weights, plan.second.norm, recipe, self.second.output)
        self.third = Pointwise(weights, plan.third, self.norm2.output)
        self.norm3 = Norm(weights, plan.third.norm, recipe, self.third.output)
        self.output = self.norm3.output
        self.below3 = workspace.get((Block, self.norm2.output.shape), lambda: torch.empty_like(self.norm2.output))
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
        self.output.add_(self.beside).relu_()

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


def average(x: Tensor) -> Tensor:
    """The matrix [N, pixels] that takes the rows of x to the averages of its images."""
    own = torch.eye(len(x), device=x.device, dtype=x.dtype)[:, :, None, None] / (x.shape[1] * x.shape[2])
    owned = own.expand(-1, -1, x.shape[1], x.shape[2])  # [N, N, H, W]
    return (owned if x.is_contiguous() else owned.transpose(1, 2)).reshape(len(x), -1)
