"""Convolutions over windows on a CPU: one matrix product for every row of the kernel, over bands.

A band holds, for one row of an image, what each window sees of that row. Rows lie outermost in memory, those of all
images together, so that the bands that one row of the kernel meets are a matrix as they lie.
"""

from __future__ import annotations

import torch
from torch import Tensor

from fixed_model.architecture import Convolution
from fixed_model.layers import blank, rows
from fixed_model.weights import Weights
from fixed_model.workspace import Workspace


class Bands:
    """Padded images as one matrix [H' * N * W', kernel * C] for every row of the kernel; H' x W' windows an image."""

    def __init__(self, batch: int, channels: int, one: Convolution, stride: int, like: Tensor) -> None:
        pad, kernel = one.kernel // 2, one.kernel
        windows = (one.side - 1) // stride + 1
        height = -(-(one.side + 2 * pad) // stride) * stride  # a multiple of the stride: its rows go round in turn
        padded = like.new_zeros(height, batch, one.side + 2 * pad, channels)
        self.inside = padded[pad : pad + one.side, :, pad : pad + one.side].transpose(0, 1)
        row, image, pixel, _ = padded.stride()
        # Neighbours in a row of a window are neighbours in memory: a band is one run of kernel * channels numbers.
        self.seen = padded.as_strided(
            (stride, height // stride, batch, windows, kernel * channels), (row, stride * row, image, stride * pixel, 1)
        )
        self.gathered = like.new_zeros(self.seen.shape)
        met = (self.gathered[at % stride, at // stride : at // stride + windows] for at in range(kernel))
        self.matrices = [bands.view(-1, kernel * channels) for bands in met]
        self.turned = [matrix.t() for matrix in self.matrices]

    def gather(self) -> None:
        """Read anew what was written inside."""
        self.gathered.copy_(self.seen)

    def multiply(self, kernel: tuple[Tensor, ...], into: Tensor) -> None:
        """The convolution with a kernel whose every row is a matrix [kernel * C, D]: `into` [H' * N * W', D]."""
        torch.mm(self.matrices[0], kernel[0], out=into)
        for matrix, part in zip(self.matrices[1:], kernel[1:], strict=True):
            into.addmm_(matrix, part)


class Banded:
    """A convolution of 3x3 or more. What comes before writes to `input`, the inside of a padded buffer."""

    def __init__(self, weights: Weights, one: Convolution, batch: int, workspace: Workspace) -> None:
        kernel, gradient = weights.value(f"{one.name}.weight"), weights.gradient(f"{one.name}.weight")
        self.kernel, self.gradient = kernel.chunk(one.kernel), gradient.chunk(one.kernel)
        self.taps = kernel.view(-1, one.inputs, one.outputs).transpose(1, 2)
        self.bands = Bands(batch, one.inputs, one, one.stride, kernel)
        self.input = self.bands.inside
        self.output = blank(batch, one.output_side, one.outputs, kernel, rows_outermost=True)
        self.output_rows = rows(self.output)
        shape = (Back, one.inputs, one.outputs, one.kernel, one.stride, one.side)
        self.back = workspace.get(shape, lambda: Back(batch, one, kernel))

    def forward(self) -> None:
        """Fill the output."""
        self.bands.gather()
        self.bands.multiply(self.kernel, self.output_rows)

    def backward(self, gradient: Tensor) -> Tensor:
        """Write the kernel's gradient; the input's, good until the next layer of this shape."""
        above = rows(gradient)
        for turned, part in zip(self.bands.turned, self.gradient, strict=True):
            torch.mm(turned, above, out=part)
        return self.back.gradient(gradient, self.taps)


class Back:
    """The input's gradient: a convolution of the output's, spread by the stride, with the kernel turned round."""

    def __init__(self, batch: int, one: Convolution, like: Tensor) -> None:
        taps = one.kernel**2
        self.bands = Bands(batch, one.outputs, one, 1, like)
        self.above = self.bands.inside[:, :: one.stride, :: one.stride]
        self.last_to_first = torch.arange(taps - 1, -1, -1, device=like.device)
        self.around = like.new_zeros(taps, one.outputs, one.inputs)
        self.kernel = self.around.view(-1, one.inputs).chunk(one.kernel)
        self.below = blank(batch, one.side, one.inputs, like, rows_outermost=True)
        self.below_rows = rows(self.below)

    def gradient(self, above: Tensor, taps: Tensor) -> Tensor:
        """By the output's gradient and the kernel's taps [kernel * kernel, outputs, inputs]."""
        self.above.copy_(above)
        self.bands.gather()
        torch.index_select(taps, 0, self.last_to_first, out=self.around)
        self.bands.multiply(self.kernel, self.below_rows)
        return self.below
