"""The weights of a network on flat storage, named as in torchvision, started as Keras starts them."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from fixed_model.architecture import Architecture, architecture
from fixed_model.recipe import Recipe

ALIGNMENT = 16  # float32 in a cache line: every tensor begins on one, whatever stands before it


class Weights:
    """Everything learned in one tensor, its gradient in another, and the running statistics of every normalisation.

    Kernels lie as in Keras, [height, width, inputs, outputs]; `state` and `load` speak torchvision's [outputs, inputs,
    height, width].
    """

    def __init__(self, plan: Architecture, classes: int, device: torch.device) -> None:
        self.shapes = shapes(plan, classes)
        self.places: dict[str, slice] = {}
        at = 0
        for name, shape in self.shapes.items():
            if not is_statistic(name):
                self.places[name] = slice(at, at + shape.numel())
                at += -(-shape.numel() // ALIGNMENT) * ALIGNMENT
        self.values = torch.zeros(at, device=device)
        self.gradients = torch.zeros(at, device=device)
        self.statistics = {
            name: torch.zeros(shape, device=device) for name, shape in self.shapes.items() if is_statistic(name)
        }

    def value(self, name: str) -> Tensor:
        """The vector of a normalisation or the head; a kernel as a matrix [height * width * inputs, outputs]."""
        return self.matrix(self.values, name)

    def gradient(self, name: str) -> Tensor:
        """Where the gradient of `value(name)` is written."""
        return self.matrix(self.gradients, name)

    def matrix(self, storage: Tensor, name: str) -> Tensor:
        """A view of the storage."""
        shape, flat = self.shapes[name], storage[self.places[name]]
        return flat.view(-1, shape[0]) if len(shape) == 4 else flat.view(shape)

    def tensors(self, storage: Tensor) -> dict[str, Tensor]:
        """Views of a storage under torchvision's names and shapes."""
        views = {}
        for name, shape in self.shapes.items():
            if name in self.places:
                flat = storage[self.places[name]]
                if len(shape) == 4:
                    outputs, inputs, height, width = shape
                    views[name] = flat.view(height, width, inputs, outputs).permute(3, 2, 0, 1)
                else:
                    views[name] = flat.view(shape)
        return views

    def state(self) -> dict[str, Tensor]:
        """Copies of all weights and statistics on the CPU."""
        found = self.tensors(self.values) | self.statistics
        return {name: found[name].detach().cpu().clone(memory_format=torch.contiguous_format) for name in self.shapes}

    def load(self, state: dict[str, Tensor]) -> None:
        """Take over all weights and statistics of a `state`."""
        for name, tensor in (self.tensors(self.values) | self.statistics).items():
            tensor.copy_(state[name])


def fresh(recipe: Recipe, classes: int, seed: int, device: torch.device) -> Weights:
    """Weights as Keras starts them: Glorot-uniform kernels, bias 0, normalisation at the identity.

    The numbers are drawn on the CPU in the order of the names, from a generator of its own.
    """
    weights = Weights(architecture(recipe), classes, device)
    dice = torch.Generator().manual_seed(seed)
    state = {}
    for name, shape in weights.shapes.items():
        if len(shape) > 1:
            state[name] = nn.init.xavier_uniform_(torch.empty(shape), generator=dice)
        else:
            state[name] = torch.full(shape, 1.0 if name.endswith(("weight", "running_var")) else 0.0)
    weights.load(state)
    return weights


def shapes(plan: Architecture, classes: int) -> dict[str, torch.Size]:
    """Names and shapes as in torchvision's resnet50, in its order."""
    found = {}
    for one in plan.convolutions():
        found[f"{one.name}.weight"] = torch.Size((one.outputs, one.inputs, one.kernel, one.kernel))
        for part in ("weight", "bias", "running_mean", "running_var"):
            found[f"{one.norm}.{part}"] = torch.Size((one.outputs,))
    found["fc.weight"] = torch.Size((classes, plan.features))
    found["fc.bias"] = torch.Size((classes,))
    return found


def is_statistic(name: str) -> bool:
    """Whether a tensor is kept by normalisation and not learned."""
    return name.endswith(("running_mean", "running_var"))
