"""The layers with their gradients written out, on buffers and views that are made once: no autograd.

Activations are [N, H, W, C] float32; in memory either that or [H, N, W, C], as the convolutions over windows want it.
A layer reads the tensor that it was made for and writes `output`; `backward` takes the output's gradient, writes its
weights' and gives or writes the input's.
"""

from __future__ import annotations

import torch
from torch import Tensor

from fixed_model.architecture import Convolution
from fixed_model.recipe import Recipe
from fixed_model.weights import Weights

aten = torch.ops.aten


def lying(x: Tensor) -> Tensor:
    """The dimensions in the order in which they lie in memory. ValueError: it lies in neither of the two."""
    found = x if x.is_contiguous() else x.transpose(0, 1)
    if not found.is_contiguous():
        raise ValueError(f"strides {x.stride()} for {tuple(x.shape)} are neither [N, H, W, C] nor [H, N, W, C]")
    return found


def rows(x: Tensor) -> Tensor:
    """[N, H, W, C] as a matrix [pixels, C], the pixels in the order in which they lie."""
    return lying(x).view(-1, x.shape[-1])


def planes(x: Tensor) -> Tensor:
    """As torch's operators want it: [.., C, .., ..], channels last in memory."""
    return lying(x).permute(0, 3, 1, 2)


def blank(batch: int, side: int, channels: int, like: Tensor, *, rows_outermost: bool) -> Tensor:
    """Zeros [N, side, side, channels] of a tensor's type and device, in one of the two orders."""
    if rows_outermost:
        return like.new_zeros(side, batch, side, channels).transpose(0, 1)
    return like.new_zeros(batch, side, side, channels)


def alike(x: Tensor, side: int, channels: int) -> Tensor:
    """Zeros [N, side, side, channels] that lie in memory as x does."""
    return blank(len(x), side, channels, x, rows_outermost=not x.is_contiguous())


class Pointwise:
    """A convolution of 1x1: a matrix product over all pixels that the stride meets."""

    def __init__(self, weights: Weights, one: Convolution, x: Tensor) -> None:
        self.kernel, self.gradient = weights.value(f"{one.name}.weight"), weights.gradient(f"{one.name}.weight")
        self.turned = self.kernel.t()
        self.output = alike(x, one.output_side, one.outputs)
        self.output_rows = rows(self.output)
        self.strides = one.stride > 1
        self.met = x[:, :: one.stride, :: one.stride]
        self.picked = alike(x, one.output_side, one.inputs) if self.strides else x
        self.picked_rows, self.picked_turned = rows(self.picked), rows(self.picked).t()

    def forward(self) -> None:
        """Fill the output."""
        if self.strides:
            self.picked.copy_(self.met)
        torch.mm(self.picked_rows, self.kernel, out=self.output_rows)

    def backward(self, gradient: Tensor, into: Tensor) -> None:
        """The input's gradient is written to `into`, laid out as the input."""
        above = rows(gradient)
        torch.mm(self.picked_turned, above, out=self.gradient)
        if self.strides:
            below = torch.empty_like(self.picked)
            torch.mm(above, self.turned, out=rows(below))
            into.zero_()
            into.as_strided(self.met.shape, self.met.stride()).copy_(below)
        else:
            torch.mm(above, self.turned, out=rows(into))

    def backward_onto(self, gradient: Tensor, into: Tensor) -> None:
        """The input's gradient is added to `into`; for a stride of 1."""
        above = rows(gradient)
        torch.mm(self.picked_turned, above, out=self.gradient)
        rows(into).addmm_(above, self.turned)


class Norm:
    """Batch normalisation over N, H, W; running variance as torch keeps it (with Bessel's correction)."""

    def __init__(self, weights: Weights, name: str, recipe: Recipe, x: Tensor) -> None:
        self.weight, self.bias = weights.value(f"{name}.weight"), weights.value(f"{name}.bias")
        self.weight_gradient, self.bias_gradient = weights.gradient(f"{name}.weight"), weights.gradient(f"{name}.bias")
        self.running = (weights.statistics[f"{name}.running_mean"], weights.statistics[f"{name}.running_var"])
        self.momentum, self.eps = recipe.batch_norm_momentum, recipe.batch_norm_eps
        self.output = torch.empty_like(x)
        self.input_planes, self.output_planes = planes(x), planes(self.output)
        self.mean, self.inverse = torch.empty_like(self.weight), torch.empty_like(self.weight)
        self.turned = not x.is_contiguous()

    def forward(self) -> None:
        """Normalise by the batch, which enters the running statistics."""
        torch.native_batch_norm(
            self.input_planes, self.weight, self.bias, *self.running, True, self.momentum, self.eps,
            out=(self.output_planes, self.mean, self.inverse),
        )  # fmt: skip

    def backward(self, gradient: Tensor) -> Tensor:
        """The input's gradient, a new tensor."""
        below, weight, bias = aten.native_batch_norm_backward(
            planes(gradient), self.input_planes, self.weight, *self.running, self.mean, self.inverse, True, self.eps,
            [True, True, True],
        )  # fmt: skip
        self.weight_gradient.copy_(weight)
        self.bias_gradient.copy_(bias)
        found: Tensor = below.permute(0, 2, 3, 1).contiguous()  # it is, where torch keeps the layout
        return found.transpose(0, 1) if self.turned else found


class Pool:
    """The largest of every 3x3 window of [N, H, W, C] as it lies, a stride of 2.

    Keras pads with 0, torch with -inf: the same after a ReLU.
    """

    window = ([3, 3], [2, 2], [1, 1], [1, 1], False)

    def __init__(self, x: Tensor) -> None:
        if not x.is_contiguous():
            raise ValueError("a pooling takes images that lie as [N, H, W, C]")
        batch, side, _, channels = x.shape
        pooled = (side - 1) // 2 + 1
        self.output = x.new_zeros(batch, pooled, pooled, channels)
        self.places = planes(torch.zeros_like(self.output, dtype=torch.int64))
        self.below = torch.empty_like(x)
        self.input_planes, self.output_planes, self.below_planes = planes(x), planes(self.output), planes(self.below)

    def forward(self) -> None:
        """Fill the output."""
        aten.max_pool2d_with_indices.out(self.input_planes, *self.window, out=self.output_planes, indices=self.places)

    def backward(self, gradient: Tensor) -> Tensor:
        """The input's gradient, in a buffer of its own."""
        aten.max_pool2d_with_indices_backward.grad_input(
            planes(gradient), self.input_planes, *self.window, self.places, grad_input=self.below_planes
        )
        return self.below


def rectify_backward(gradient: Tensor, output: Tensor, into: Tensor | None = None) -> None:
    """Clear the gradient where a ReLU gave nothing: in place, or in a copy that is written `into` a tensor."""
    aten.threshold_backward.grad_input(gradient, output, 0, grad_input=gradient if into is None else into)
