"""A small competition written to disk: real images, class names that occur nowhere by chance."""

import io
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

from tests.support.names import CLASSES, RECIPE

SECRETS = (*CLASSES, "fotografin-meier", "umschlag-sieben")
"""What must reach no worker with the hidden images: the classes, and parts of the images' own names and folders."""


def picture(seed: int, size: int = 12) -> bytes:
    """A PNG of noise."""
    pixels = np.random.default_rng(seed).integers(0, 256, (size, size, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def hidden_files(per_class: int = 5) -> dict[str, bytes]:
    """Images in folders of their classes, under telling names."""
    return {
        f"umschlag-sieben/{name}/{name}-fotografin-meier-{number}.png": picture(1000 * label + number)
        for label, name in enumerate(CLASSES)
        for number in range(per_class)
    }


def entry_files(train: int = 4, val: int = 2) -> dict[str, bytes]:
    """A participant's images."""
    return {
        f"{split}/{name}/{number}.png": picture(seed + 1000 * label + number)
        for split, amount, seed in (("train", train, 10_000), ("val", val, 20_000))
        for label, name in enumerate(CLASSES)
        for number in range(amount)
    }


def write_zip(path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """These files as a zip."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def write_bundle(folder: Path, *, slug: str = "numerals", label_book: bool = True, **fields: object) -> Path:
    """The YAML of a task beside its zips."""
    folder.mkdir(parents=True, exist_ok=True)
    write_zip(folder / "hidden.zip", hidden_files())
    lines = {
        "slug": slug,
        "title": "Numerals",
        "classes": f"[{', '.join(CLASSES)}]",
        "recipe": RECIPE,
        "hidden_test": "hidden.zip",
    }
    if label_book:
        book = {
            f"{name}/{number}.png": picture(label + 7 * number)
            for label, name in enumerate(CLASSES)
            for number in range(2)
        }
        write_zip(folder / "book.zip", book)
        lines["label_book"] = "book.zip"
    path = folder / "task.yaml"
    path.write_text("\n".join(f"{name}: {value}" for name, value in (lines | fields).items()))
    return path
