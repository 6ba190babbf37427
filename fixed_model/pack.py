"""Reading the stages' safetensors files: a pack of images, weights; believed only after a look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from fixed_model.architecture import architecture
from fixed_model.recipe import Recipe
from fixed_model.stores import by_seed
from fixed_model.train import Examples
from fixed_model.weights import Weights


class BadPackError(Exception):
    """The file is not a pack for this recipe; says why."""


class EmptySplitError(Exception):
    """A pack without training or without validation images; says which."""


class BadWeightsError(Exception):
    """The file holds no weights of this recipe's network; says why."""


@dataclass(frozen=True)
class Pack:
    """Both halves of a participant's dataset."""

    train: Examples
    val: Examples


def read_pack(path: Path, recipe: Recipe, classes: int) -> Pack:
    """A pack with labels and splits, both splits filled."""
    tensors = load(path)
    images = images_of(tensors, recipe)
    labels = vector(tensors, "labels", torch.int64, len(images))
    split = vector(tensors, "split", torch.uint8, len(images))
    if len(labels) and (int(labels.min()) < 0 or int(labels.max()) >= classes):
        raise BadPackError(f"a label is outside the {classes} classes")
    if len(split) and int(split.max()) > 1:
        raise BadPackError("a split is neither train (0) nor val (1)")
    halves = [Examples(images[split == half], labels[split == half]) for half in (0, 1)]
    for half, name in zip(halves, ("train", "val"), strict=True):
        if not len(half.labels):
            raise EmptySplitError(f"the dataset has no {name} images")
    return Pack(*halves)


def read_images(path: Path, recipe: Recipe) -> Tensor:
    """The images [N, H, W, C] of a pack, whatever else it holds."""
    return images_of(load(path), recipe)


def read_weights(path: Path, recipe: Recipe, device: torch.device) -> Iterator[Weights]:
    """The trained weights of every seed, by the seeds' numbers, one after the other; the head tells the classes."""
    try:
        seeds = by_seed(load(path))
    except (BadPackError, ValueError) as error:
        raise BadWeightsError(str(error)) from error
    if not seeds:
        raise BadWeightsError("the file is empty")
    for seed in sorted(seeds):
        yield network_of(seeds[seed], recipe, device)


def network_of(tensors: dict[str, Tensor], recipe: Recipe, device: torch.device) -> Weights:
    """One seed's weights, after a look at every tensor."""
    head = tensors.get("fc.bias")
    if head is None or head.ndim != 1 or not len(head):
        raise BadWeightsError("the weights have no head")
    weights = Weights(architecture(recipe), len(head), device)
    for name, shape in weights.shapes.items():
        found = tensors.get(name)
        if found is None or found.shape != shape or found.dtype != torch.float32:
            raise BadWeightsError(f"the tensor {name} is missing or does not fit the recipe")
        if not bool(found.isfinite().all()):
            raise BadWeightsError(f"the tensor {name} holds something that is not a number")
    weights.load(tensors)
    return weights


def load(path: Path) -> dict[str, Tensor]:
    """All tensors of a safetensors file."""
    try:
        return load_file(path)
    except (SafetensorError, OSError, ValueError) as error:
        raise BadPackError(f"the file cannot be read as safetensors: {error}") from error


def images_of(tensors: dict[str, Tensor], recipe: Recipe) -> Tensor:
    """Images as [N, H, W, C] in memory, after checking shape, type and range."""
    images = tensors.get("images")
    size = recipe.input_size
    if images is None or images.dtype != torch.float32 or images.ndim != 4:
        raise BadPackError("the pack has no images of type float32 with four dimensions")
    if images.shape[1] not in (1, 3) or tuple(images.shape[2:]) != (size, size):
        raise BadPackError(f"the images are not of {size} x {size} pixels in one or three channels")
    if len(images) and not bool(((images >= 0) & (images <= 255)).all()):  # a NaN is in no range
        raise BadPackError("a pixel is not a number from 0 to 255")
    return images.permute(0, 2, 3, 1).contiguous()


def vector(tensors: dict[str, Tensor], name: str, dtype: torch.dtype, length: int) -> Tensor:
    """One number per image."""
    found = tensors.get(name)
    if found is None or found.dtype != dtype or tuple(found.shape) != (length,):
        raise BadPackError(f"the pack has no {name} of type {dtype}, one per image")
    return found
