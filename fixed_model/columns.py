"""Convolutions over windows on a CPU: matrix products over columns, a chunk of images at a time.

A chunk's columns stay in a core's cache between being gathered and being multiplied.
"""

from __future__ import annotations

import torch
from torch import Tensor

from fixed_model.architecture import Convolution
from fixed_model.layers import rows
from fixed_model.weights import Weights

CHUNK_BYTES = (
    320 * 1024
)  # of columns: a sixth of a usual second-level cache; the rest is for what they are multiplied by


class Columns:
    """Windows of `kernel` x `kernel` of padded images [N, H, W, C], `side` x `side` of them to an image, as rows."""

    def __init__(self, padded: Tensor, kernel: int, stride: int, side: int) -> None:
        count, _, _, channels = padded.shape
        image, row, pixel, _ = padded.stride()
        # Neighbours in a row of a window are neighbours in memory: a row is one run of kernel * channels numbers.
        windows = padded.as_strided(
            (count, side, side, kernel, kernel * channels), (image, stride * row, stride * pixel, row, 1)
        )
        length, pixels = kernel * kernel * channels, side * side
        images = min(count, max(1, CHUNK_BYTES // (pixels * length * padded.element_size())))
        buffer = padded.new_zeros(images * pixels, length)
        self.rows = images * pixels
        self.chunks = [(part, buffer[: len(part) * pixels].view(part.shape)) for part in torch.split(windows, images)]
        self.matrices = [buffer[: len(part) * pixels] for part in torch.split(windows, images)]

    def gather(self, chunk: int) -> Tensor:
        """The columns [windows, kernel * kernel * C] of one chunk, good until the next call."""
        windows, gathered = self.chunks[chunk]
        gathered.copy_(windows)
        return self.matrices[chunk]


class Windowed:
    """A convolution of 3x3 or more. What comes before writes to `input`, the inside of a padded buffer."""

    def __init__(self, weights: Weights, one: Convolution, batch: int) -> None:
        self.one = one
        self.kernel, self.gradient = weights.value(f"{one.name}.weight"), weights.gradient(f"{one.name}.weight")
        self.transposed = self.kernel.t()
        self.output = self.kernel.new_zeros(batch, one.output_side, one.output_side, one.outputs)
        padded = self.padding(batch, one.inputs)
        self.input = self.inside(padded, 1)
        self.columns = Columns(padded, one.kernel, one.stride, one.output_side)
        self.output_rows = torch.split(rows(self.output), self.columns.rows)

    def padding(self, batch: int, channels: int) -> Tensor:
        """Zeros for images of the input's size and all around them."""
        side = self.one.side + 2 * (self.one.kernel // 2)
        return self.kernel.new_zeros(batch, side, side, channels)

    def inside(self, padded: Tensor, stride: int) -> Tensor:
        """The part of such a buffer where values stand, one a stride."""
        pad = self.one.kernel // 2
        return padded[:, pad : pad + self.one.side : stride, pad : pad + self.one.side : stride]

    def forward(self) -> None:
        """Fill the output."""
        for chunk, output in enumerate(self.output_rows):
            torch.mm(self.columns.gather(chunk), self.transposed, out=output)

    def learn(self, gradient: Tensor) -> None:
        """Write the kernel's gradient: the sum over the chunks."""
        self.gradient.zero_()
        for chunk, above in enumerate(torch.split(rows(gradient).t(), self.columns.rows, 1)):
            self.gradient.addmm_(above, self.columns.gather(chunk))


class Inner(Windowed):
    """A windowed convolution that also gives its input's gradient.

    That is a convolution too: of the output's gradient, spread by the stride, with the kernel turned round.
    """

    def __init__(self, weights: Weights, one: Convolution, batch: int) -> None:
        super().__init__(weights, one, batch)
        padded = self.padding(batch, one.outputs)
        self.above = self.inside(padded, one.stride)
        self.back = Columns(padded, one.kernel, 1, one.side)
        self.taps = self.kernel.view(one.outputs, one.kernel**2, one.inputs)
        self.turned = self.kernel.new_zeros(one.kernel**2, one.outputs, one.inputs)
        self.turned_rows = rows(self.turned[None])
        self.below = torch.zeros_like(self.input, memory_format=torch.contiguous_format)
        self.below_rows = torch.split(rows(self.below), self.back.rows)

    def backward(self, gradient: Tensor) -> Tensor:
        """The input's gradient, in a buffer of its own."""
        self.learn(gradient)
        self.above.copy_(gradient)
        self.turned.copy_(self.taps.flip(1).transpose(0, 1))
        for chunk, below in enumerate(self.below_rows):
            torch.mm(self.back.gather(chunk), self.turned_rows, out=below)
        return self.below
