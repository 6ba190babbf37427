"""A loop of one thread in which Pillow decodes the files of a folder and keeps nothing. `decode.py DIR`; JSON."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

from tests.benchmarks.ingesting.clock import Clock


def main() -> None:
    """Everything but the loop stays outside the time."""
    paths = sorted(path for path in Path(sys.argv[1]).rglob("*") if path.is_file())
    Image.open(paths[0]).load()  # Pillow looks for its formats when it is first asked
    clock = Clock()
    for path in paths:
        with Image.open(path) as image:
            image.load()
    print(clock.read(len(paths)))


if __name__ == "__main__":
    main()
