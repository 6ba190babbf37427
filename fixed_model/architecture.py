"""The shape of a recipe's network: ResNet50 up to the recipe's cut, layer by layer, without torch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fixed_model.recipe import Recipe


@dataclass(frozen=True)
class Convolution:
    """A square kernel without bias, padded by half of itself, and the batch normalisation that follows it.

    Both bear torchvision's names; `side` is that of the square input in pixels.
    """

    name: str
    norm: str
    inputs: int
    outputs: int
    kernel: int
    stride: int
    side: int

    @property
    def output_side(self) -> int:
        """Pixels a side of the output."""
        return (self.side - 1) // self.stride + 1

    @property
    def multiply_adds(self) -> int:
        """Multiply-adds for one image."""
        return self.output_side**2 * self.outputs * self.kernel**2 * self.inputs


@dataclass(frozen=True)
class Bottleneck:
    """1x1, 3x3, 1x1 beside a shortcut, which is a convolution where the shape changes; the stride sits on the 3x3."""

    first: Convolution
    second: Convolution
    third: Convolution
    shortcut: Convolution | None

    def convolutions(self) -> tuple[Convolution, ...]:
        """In torchvision's order."""
        chain = (self.first, self.second, self.third)
        return chain if self.shortcut is None else (*chain, self.shortcut)


@dataclass(frozen=True)
class Architecture:
    """A stem, a pooling that halves the sides, bottlenecks, and a linear head over `features` averages."""

    stem: Convolution
    blocks: tuple[Bottleneck, ...]
    features: int

    def convolutions(self) -> Iterator[Convolution]:
        """First to last, in torchvision's order."""
        yield self.stem
        for block in self.blocks:
            yield from block.convolutions()


def architecture(recipe: Recipe) -> Architecture:
    """The network that a recipe's numbers describe."""
    stem = Convolution("conv1", "bn1", 3, recipe.stem_width, 7, 2, recipe.input_size)
    side, inputs, blocks = halved(stem.output_side), recipe.stem_width, []
    for stage, count in enumerate(recipe.blocks):
        for place in range(count):
            stride = 2 if stage and not place else 1
            block = bottleneck(f"layer{stage + 1}.{place}", inputs, recipe.stem_width << stage, recipe, stride, side)
            blocks.append(block)
            side, inputs = block.third.output_side, block.third.outputs
    return Architecture(stem, tuple(blocks), inputs)


def bottleneck(name: str, inputs: int, width: int, recipe: Recipe, stride: int, side: int) -> Bottleneck:
    """One block, named as in torchvision."""
    outputs, inside = width * recipe.expansion, (side - 1) // stride + 1
    shortcut = None
    if stride != 1 or inputs != outputs:
        shortcut = Convolution(f"{name}.downsample.0", f"{name}.downsample.1", inputs, outputs, 1, stride, side)
    return Bottleneck(
        Convolution(f"{name}.conv1", f"{name}.bn1", inputs, width, 1, 1, side),
        Convolution(f"{name}.conv2", f"{name}.bn2", width, width, 3, stride, side),
        Convolution(f"{name}.conv3", f"{name}.bn3", width, outputs, 1, 1, inside),
        shortcut,
    )


def halved(side: int) -> int:
    """A side after a stride of two with the padding that all of ours have."""
    return (side + 1) // 2
