"""`torchvision.datasets.ImageFolder` over both splits, walked once. `imagefolder.py DIR`; JSON."""

from __future__ import annotations

import sys
from pathlib import Path

from torchvision.datasets import ImageFolder

from tests.benchmarks.ingesting.clock import Clock


def main() -> None:
    """Everything but the listing of the folders and the walk stays outside the time."""
    clock, images = Clock(), 0
    for split in sorted(Path(sys.argv[1]).iterdir()):
        for _image, _label in ImageFolder(split):
            images += 1
    print(clock.read(images))


if __name__ == "__main__":
    main()
