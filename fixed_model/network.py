"""The network: ResNet50 up to the recipe's cut, global average pooling and a linear head, as Keras starts it."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from fixed_model.recipe import Recipe

# --- layers -----------------------------------------------------------------------------------------------------------


class Norm(nn.Module):
    """Batch normalisation over N, H, W; running variance as torch keeps it (with Bessel's correction)."""

    running_mean: Tensor
    running_var: Tensor

    def __init__(self, width: int, recipe: Recipe) -> None:
        super().__init__()
        self.eps = recipe.batch_norm_eps
        self.momentum = recipe.batch_norm_momentum
        self.weight = nn.Parameter(torch.empty(width))
        self.bias = nn.Parameter(torch.empty(width))
        self.register_buffer("running_mean", torch.empty(width))
        self.register_buffer("running_var", torch.empty(width))

    def forward(self, x: Tensor) -> Tensor:
        """Normalise by the batch while training, by the running statistics otherwise."""
        return functional.batch_norm(
            x, self.running_mean, self.running_var, self.weight, self.bias, self.training, self.momentum, self.eps
        )


def convolution(inputs: int, outputs: int, kernel: int, stride: int = 1) -> nn.Conv2d:
    """A convolution without bias: batch normalisation follows each one and would take a bias away again."""
    return nn.Conv2d(inputs, outputs, kernel, stride, padding=kernel // 2, bias=False)


class Bottleneck(nn.Module):
    """1x1, 3x3, 1x1 with a shortcut; the stride sits on the 3x3, as in torchvision."""

    def __init__(self, inputs: int, width: int, stride: int, recipe: Recipe) -> None:
        super().__init__()
        outputs = width * recipe.expansion
        self.conv1 = convolution(inputs, width, 1)
        self.bn1 = Norm(width, recipe)
        self.conv2 = convolution(width, width, 3, stride)
        self.bn2 = Norm(width, recipe)
        self.conv3 = convolution(width, outputs, 1)
        self.bn3 = Norm(outputs, recipe)
        self.downsample: nn.Module = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(convolution(inputs, outputs, 1, stride), Norm(outputs, recipe))

    def forward(self, x: Tensor) -> Tensor:
        """Both branches, added, rectified."""
        y = functional.relu(self.bn1(self.conv1(x)), inplace=True)
        y = functional.relu(self.bn2(self.conv2(y)), inplace=True)
        return functional.relu(self.bn3(self.conv3(y)) + self.downsample(x), inplace=True)


# --- the whole --------------------------------------------------------------------------------------------------------


class Network(nn.Module):
    """Parameters are named as in torchvision's resnet50, so its weights fit and ours can be read by others."""

    def __init__(self, recipe: Recipe, classes: int) -> None:
        super().__init__()
        width = recipe.stem_width
        self.conv1 = convolution(3, width, 7, 2)
        self.bn1 = Norm(width, recipe)
        self.stages = len(recipe.blocks)
        inputs = width
        for stage, count in enumerate(recipe.blocks):
            inner = width << stage
            blocks = []
            for block in range(count):
                blocks.append(Bottleneck(inputs, inner, 2 if stage and not block else 1, recipe))
                inputs = inner * recipe.expansion
            self.add_module(f"layer{stage + 1}", nn.Sequential(*blocks))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Logits [N, K] of preprocessed images [N, 3, H, W]."""
        x = functional.relu(self.bn1(self.conv1(x)), inplace=True)
        x = functional.max_pool2d(x, 3, 2, 1)  # Keras pads with 0 and torch with -inf: the same after a ReLU
        for stage in range(self.stages):
            x = self.get_submodule(f"layer{stage + 1}")(x)
        return self.fc(x.mean((2, 3)))  # type: ignore[no-any-return]


def build(recipe: Recipe, classes: int, seed: int, device: torch.device) -> Network:
    """A fresh network as Keras starts it: Glorot-uniform kernels, bias 0, BatchNorm at the identity.

    The numbers are drawn on the CPU in the order of the parameters, from a generator of its own.
    """
    with torch.device("meta"):
        network = Network(recipe, classes)
    network.to_empty(device="cpu")
    dice = torch.Generator().manual_seed(seed)
    for name, tensor in network.state_dict().items():
        if tensor.ndim > 1:
            nn.init.xavier_uniform_(tensor, generator=dice)
        else:
            tensor.fill_(1.0 if name.endswith(("weight", "running_var")) else 0.0)
    return network.to(device).to(memory_format=torch.channels_last)


def prepare(images: Tensor, recipe: Recipe) -> Tensor:
    """Raw pixels [N, H, W, C] (C = 1 grey or 3 RGB, 0…255) to input [N, 3, H, W], BGR, channels last in memory."""
    means = torch.tensor(recipe.bgr_means, dtype=torch.float32, device=images.device)
    return (images.flip(-1) - means).permute(0, 3, 1, 2)
