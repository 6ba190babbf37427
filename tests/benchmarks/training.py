"""The locked training against the loop that a user of torchvision would write for the same arithmetic."""

from __future__ import annotations

import time
import zipfile
from dataclasses import replace
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import ImageFolder
from torchvision.models import resnet50

from demo.strokes import NUMERALS
from fixed_model.device import make_deterministic
from fixed_model.recipe import RECIPES
from fixed_model.train import Examples, train

THREADS = 2
ROUNDS = 2


def compare_training(archive: Path, folder: Path) -> dict[str, float]:
    """Images per second of an epoch, in turn, the best of two rounds each: ours from the pack, theirs from files."""
    make_deterministic(THREADS)
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder / "files")
    [root] = (folder / "files").glob("*/train")
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(_ours(folder / "ingest-0" / "pack.safetensors"))
        theirs.append(_theirs(root))
    return {
        "train_images_per_second": max(ours),
        "plain_images_per_second": max(theirs),
        "train_ratio_to_plain": max(ours) / max(theirs),
    }


def _ours(pack: Path) -> float:
    tensors = load_file(pack)
    images = tensors["images"].movedim(1, -1)
    is_train = tensors["split"] == 0
    training = Examples(images[is_train].expand(-1, -1, -1, 3).contiguous(), tensors["labels"][is_train])
    few = Examples(training.images[:8], training.labels[:8])
    recipe = replace(RECIPES["resnet50-dcai2021"], epochs=1)
    started = time.perf_counter()
    train(recipe, training, few, classes=len(NUMERALS), seed=0, device=torch.device("cpu"), on_epoch=lambda _: None)
    return len(training.labels) / (time.perf_counter() - started)


def _theirs(root: Path) -> float:
    transform = transforms.Compose([transforms.Resize((32, 32)), transforms.ToTensor()])
    loader = DataLoader(ImageFolder(str(root), transform), batch_size=8, shuffle=True)
    whole = resnet50()
    network = nn.Sequential(
        whole.conv1, whole.bn1, whole.relu, whole.maxpool, whole.layer1, nn.AdaptiveAvgPool2d(1), nn.Flatten(),
        nn.Linear(256, len(NUMERALS)),
    )  # fmt: skip
    optimizer, criterion, seen = torch.optim.Adam(network.parameters(), lr=1e-4), nn.CrossEntropyLoss(), 0
    started = time.perf_counter()
    for images, labels in loader:
        optimizer.zero_grad()
        criterion(network(images), labels).backward()
        optimizer.step()
        seen += len(labels)
    return seen / (time.perf_counter() - started)
