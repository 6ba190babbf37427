"""torchvision's ResNet50, which ours is held against, and images to show to both."""

from __future__ import annotations

from dataclasses import replace

import torch
import torchvision
from torch import Tensor, nn

from fixed_model.recipe import DCAI2021, Recipe
from fixed_model.weights import Weights, fresh

CPU = torch.device("cpu")
ODD = replace(DCAI2021, name="odd", input_size=45, blocks=(2, 1, 2))  # strides over odd sides
WHOLE = replace(DCAI2021, name="whole", input_size=64, blocks=(3, 4, 6, 3))


class Reference(nn.Module):
    """torchvision's ResNet50 up to the recipe's cut, with a head of its own."""

    def __init__(self, recipe: Recipe, classes: int) -> None:
        super().__init__()
        self.whole = torchvision.models.resnet50(weights=None, num_classes=classes)
        self.stages = len(recipe.blocks)
        for stage, blocks in enumerate(recipe.blocks, 1):
            setattr(self.whole, f"layer{stage}", getattr(self.whole, f"layer{stage}")[:blocks])
        self.whole.fc = nn.Linear(256 * 2 ** (self.stages - 1), classes)
        self.means = torch.tensor(recipe.bgr_means)
        for module in self.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eps, module.momentum = recipe.batch_norm_eps, recipe.batch_norm_momentum

    def forward(self, images: Tensor) -> Tensor:
        """Logits [N, K] of raw pixels [N, H, W, 3]."""
        whole = self.whole
        x = (images.flip(-1) - self.means).permute(0, 3, 1, 2)
        x = whole.maxpool(whole.relu(whole.bn1(whole.conv1(x))))
        for stage in range(1, self.stages + 1):
            x = getattr(whole, f"layer{stage}")(x)
        return whole.fc(whole.avgpool(x).flatten(1))  # type: ignore[no-any-return]


def pair(recipe: Recipe, classes: int = 10) -> tuple[Weights, Reference]:
    """Our weights and torchvision's network with the same, and statistics that are not the initial ones."""
    weights, theirs = fresh(recipe, classes, 7, CPU), Reference(recipe, classes)
    dice = torch.Generator().manual_seed(1)
    for tensor in weights.statistics.values():
        tensor.uniform_(0.5, 1.5, generator=dice)
    left = theirs.whole.load_state_dict(weights.state(), strict=False)
    assert not left.unexpected_keys
    return weights, theirs


def some_images(count: int, size: int, channels: int = 3) -> Tensor:
    """Noise [N, H, W, C] from 0 to 255."""
    return torch.rand(count, size, size, channels, generator=torch.Generator().manual_seed(3)) * 255
