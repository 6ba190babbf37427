"""What a GPU does in its own way: convolutions by cuDNN, and a pooling whose gradient adds up in a fixed order.

The same interfaces as in stem.py, bands.py and layers.py; it all runs on a CPU as well, which is how it is tested.
"""

from __future__ import annotations

import torch
from torch import Tensor

from fixed_model.architecture import Convolution
from fixed_model.layers import Pool, aten, planes
from fixed_model.weights import Weights
from fixed_model.workspace import Workspace


class Direct:
    """A convolution of 3x3 or more by the device's own library. What comes before writes to `input`.

    The kernel lies as on the CPU, so the library copies it into an order of its own: little beside the images' work.
    """

    def __init__(self, weights: Weights, one: Convolution, batch: int, _workspace: Workspace) -> None:
        flat, name = weights.value(f"{one.name}.weight"), f"{one.name}.weight"
        self.kernel, self.gradient = weights.tensors(weights.values)[name], weights.tensors(weights.gradients)[name]
        self.geometry = ([one.stride] * 2, [one.kernel // 2] * 2, [1, 1], False, [0, 0], 1)
        self.input = flat.new_zeros(batch, one.side, one.side, one.inputs)
        self.output = flat.new_zeros(batch, one.output_side, one.output_side, one.outputs)
        self.input_planes, self.output_planes = planes(self.input), planes(self.output)

    def forward(self) -> None:
        """Fill the output."""
        self.output_planes.copy_(aten.convolution(self.input_planes, self.kernel, None, *self.geometry))

    def backward(self, gradient: Tensor) -> Tensor:
        """Write the kernel's gradient; the input's is a new tensor."""
        return self.differentiate(gradient, wants_input=True).permute(0, 2, 3, 1).contiguous()

    def differentiate(self, gradient: Tensor, *, wants_input: bool) -> Tensor:
        """Both gradients by the library; the input's where it is wanted."""
        wanted = [wants_input, True, False]
        below, kernel, _ = aten.convolution_backward(
            planes(gradient), self.input_planes, self.kernel, None, *self.geometry, wanted
        )
        self.gradient.copy_(kernel)
        return below  # type: ignore[no-any-return]


class DirectStem:
    """The first convolution, of raw pixels, grey or RGB."""

    def __init__(self, weights: Weights, one: Convolution, batch: int, means: Tensor) -> None:
        self.convolution, self.means = Direct(weights, one, batch, Workspace()), means
        self.output = self.convolution.output

    def forward(self, images: Tensor) -> None:
        """Fill the output from raw pixels [N, H, W, C]."""
        torch.sub(images.flip(-1), self.means, out=self.convolution.input)
        self.convolution.forward()

    def learn(self, gradient: Tensor) -> None:
        """Write the kernel's gradient."""
        self.convolution.differentiate(gradient, wants_input=False)


class OrderedPool(Pool):
    """A pooling whose gradient is added window place by window place: torch's own adds in any order on a GPU."""

    def backward(self, gradient: Tensor) -> Tensor:
        """The input's gradient, in a buffer of its own."""
        batch, side, _, channels = self.below.shape
        pooled = gradient.shape[1]
        padded = gradient.new_zeros(batch, side + 2, side + 2, channels)
        places = self.places.permute(0, 2, 3, 1)
        steps = 2 * torch.arange(pooled, device=gradient.device) - 1
        for down in range(3):
            for across in range(3):
                here = (steps[:, None] + down) * side + steps + across
                won = torch.where(places == here[..., None], gradient, 0)
                padded[:, down : down + 2 * pooled : 2, across : across + 2 * pooled : 2] += won
        return self.below.copy_(padded[:, 1 : side + 1, 1 : side + 1])
