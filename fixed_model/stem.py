"""The first convolution on a CPU, from raw pixels: one matrix product over columns, which stay for the gradient."""

from __future__ import annotations

import torch
from torch import Tensor

from fixed_model.architecture import Convolution
from fixed_model.layers import rows
from fixed_model.weights import Weights


class Columns:
    """Windows of padded images [N, H, W, C] as rows [N * H' * W', kernel * kernel * C]."""

    def __init__(self, batch: int, channels: int, one: Convolution, like: Tensor) -> None:
        pad, kernel, stride, windows = one.kernel // 2, one.kernel, one.stride, one.output_side
        side = one.side + 2 * pad
        padded = like.new_zeros(batch, side, side, channels)
        self.inside = padded[:, pad : pad + one.side, pad : pad + one.side]
        # Two copies, since long runs are quick and short ones slow: first what windows see of each row, with the rows
        # of one window one after the other; then each window as one run.
        image, row, pixel, _ = padded.stride()
        self.seen = padded.as_strided((batch, windows, side, kernel * channels), (image, stride * pixel, row, 1))
        self.strips = like.new_zeros(self.seen.shape)
        strip, across, down, _ = self.strips.stride()
        length = kernel * kernel * channels
        self.windows = self.strips.as_strided((batch, windows, windows, length), (strip, stride * down, across, 1))
        self.columns = like.new_zeros(self.windows.shape)
        self.matrix = rows(self.columns)
        self.turned = self.matrix.t()

    def gather(self) -> None:
        """Read anew what was written inside."""
        self.strips.copy_(self.seen)
        self.columns.copy_(self.windows)


class Colour:
    """Of images of three channels: the recipe's means are subtracted, then zeros put around."""

    def __init__(self, weights: Weights, one: Convolution, batch: int, means: Tensor) -> None:
        self.kernel, self.gradient = weights.value(f"{one.name}.weight"), weights.gradient(f"{one.name}.weight")
        self.means = means
        self.columns = Columns(batch, one.inputs, one, self.kernel)
        self.output = self.kernel.new_zeros(batch, one.output_side, one.output_side, one.outputs)
        self.output_rows = rows(self.output)

    def forward(self, images: Tensor) -> None:
        """Fill the output from raw pixels [N, H, W, 3], RGB."""
        torch.sub(images.flip(-1), self.means, out=self.columns.inside)
        self.columns.gather()
        torch.mm(self.columns.matrix, self.kernel, out=self.output_rows)

    def learn(self, gradient: Tensor) -> None:
        """Write the kernel's gradient."""
        torch.mm(self.columns.turned, rows(gradient), out=self.gradient)


class Grey:
    """Of images whose three channels are one: a third of the columns.

    The channels differ by the means that are subtracted alone, m + d with d of each channel. A window then gives
    (pixel - m) times the kernel's sum over the channels, less, where the window lies on the image and not on the zeros
    around it, d times the kernel: the same for every image.
    """

    def __init__(self, weights: Weights, one: Convolution, batch: int, means: Tensor) -> None:
        kernel, gradient = weights.value(f"{one.name}.weight"), weights.gradient(f"{one.name}.weight")
        taps = one.kernel**2
        self.kernel, self.gradient = (x.view(taps, one.inputs, one.outputs) for x in (kernel, gradient))
        self.mean = means.mean()
        self.apart = (means - self.mean)[:, None]
        self.columns = Columns(batch, 1, one, kernel)
        mask = Columns(1, 1, one, kernel)
        mask.inside.fill_(1)
        mask.gather()
        self.on_image = mask.matrix
        self.output = kernel.new_zeros(batch, one.output_side, one.output_side, one.outputs)
        self.output_rows, self.images = rows(self.output), self.output.view(batch, -1, one.outputs)

    def forward(self, images: Tensor) -> None:
        """Fill the output from raw pixels [N, H, W, 1]."""
        torch.sub(images, self.mean, out=self.columns.inside)
        self.columns.gather()
        torch.mm(self.columns.matrix, self.kernel.sum(1), out=self.output_rows)
        self.images.sub_(torch.mm(self.on_image, (self.kernel * self.apart).sum(1)))

    def learn(self, gradient: Tensor) -> None:
        """Write the kernel's gradient."""
        by_pixels = torch.mm(self.columns.turned, rows(gradient))
        by_mask = torch.mm(self.on_image.t(), gradient.view_as(self.images).sum(0))
        torch.addcmul(by_pixels[:, None], by_mask[:, None], self.apart, value=-1, out=self.gradient)
