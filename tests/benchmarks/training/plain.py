"""The loop that a user of PyTorch writes: ImageFolder, DataLoader, torchvision's ResNet50 cut after layer1, autograd.

plain.py TRAIN VAL --epochs N: folders of <class>/…; torch and DataLoader as they are when nobody sets anything. Prints
one line of JSON. The first epoch is left out, and so is validation.
"""

from __future__ import annotations

import argparse
import json
import time

import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import ImageFolder
from torchvision.models import resnet50

from tests.benchmarks.training.resident import peak_rss_mib

Clock = tuple[float, float]


def main() -> None:
    """Train and tell."""
    parser = argparse.ArgumentParser()
    parser.add_argument("train")
    parser.add_argument("val")
    parser.add_argument("--epochs", type=int, default=3)
    asked = parser.parse_args()
    transform = transforms.Compose([transforms.Resize((32, 32)), transforms.ToTensor()])
    train, val = ImageFolder(asked.train, transform), ImageFolder(asked.val, transform)
    training, validation = DataLoader(train, batch_size=8, shuffle=True), DataLoader(val, batch_size=8)
    network = cut(len(train.classes))
    optimizer, criterion = torch.optim.Adam(network.parameters(), lr=1e-4), nn.CrossEntropyLoss()
    spent: list[Clock] = []
    for _ in range(asked.epochs):
        began = now()
        learn(network, training, optimizer, criterion)
        ended = now()
        spent.append((ended[0] - began[0], ended[1] - began[1]))
        judge(network, validation)
    images = len(train) * (asked.epochs - 1)
    answer = {
        "images": images,
        "seconds": sum(seconds for seconds, _ in spent[1:]),
        "cpu_seconds": sum(seconds for _, seconds in spent[1:]),
        "peak_rss_mib": peak_rss_mib(),
        "threads": torch.get_num_threads(),
    }
    print(json.dumps(answer))


def cut(classes: int) -> nn.Module:
    """ResNet50 up to layer1, averaged, and a head."""
    whole = resnet50()
    kept = (whole.conv1, whole.bn1, whole.relu, whole.maxpool, whole.layer1)
    return nn.Sequential(*kept, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(256, classes))


def learn(network: nn.Module, loader: DataLoader, optimizer: torch.optim.Optimizer, criterion: nn.Module) -> None:
    """One epoch."""
    network.train()
    for images, labels in loader:
        optimizer.zero_grad()
        criterion(network(images), labels).backward()
        optimizer.step()


@torch.no_grad()
def judge(network: nn.Module, loader: DataLoader) -> float:
    """Share of right answers."""
    network.eval()
    right = sum(int((network(images).argmax(1) == labels).sum()) for images, labels in loader)
    return right / len(loader.dataset)


def now() -> Clock:
    """The clock and the processor time of this process, all threads; without workers the DataLoader runs in it."""
    return time.perf_counter(), time.process_time()


if __name__ == "__main__":
    main()
