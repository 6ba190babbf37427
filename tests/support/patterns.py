"""Pictures of which any two differ plainly, and versions of one that do not."""

import io

import numpy as np
from PIL import Image

FIELDS = 8


def pattern(seed: int, *, width: int = 64, height: int = 64, version: int = 0, mode: str = "L") -> bytes:
    """A PNG of 8 × 8 grey fields drawn from the seed; a version is lighter and speckled, and nearly the same."""
    fields = np.random.default_rng(seed).integers(0, 200, (FIELDS, FIELDS)).astype(np.uint8)
    pixels = np.asarray(Image.fromarray(fields).resize((width, height), Image.Resampling.NEAREST)).astype(np.int64)
    if version:
        pixels = pixels + 20 + np.random.default_rng(1000 + version).integers(0, 12, pixels.shape)
    return png(pixels.astype(np.uint8), mode)


def plain(shade: int, side: int = 64) -> bytes:
    """A PNG of one grey."""
    return png(np.full((side, side), shade, np.uint8))


def png(pixels: "np.typing.NDArray[np.uint8]", mode: str = "L", level: int = 6) -> bytes:
    """Grey pixels as a PNG file; another level gives other bytes of the same picture."""
    file = io.BytesIO()
    Image.fromarray(pixels).convert(mode).save(file, "PNG", compress_level=level)
    return file.getvalue()


def saved_anew(data: bytes) -> bytes:
    """The same pixels in other bytes."""
    return png(np.asarray(Image.open(io.BytesIO(data))), level=0)


def entry(more: dict[str, bytes] | None = None) -> dict[str, bytes]:
    """Four different pictures for each split and class of the tests' tasks, and whatever comes on top."""
    from_seed = iter(range(10_000))
    names = ("klasse-eins", "klasse-zwei")
    files = {
        f"{split}/{name}/{number}.png": pattern(next(from_seed))
        for split in ("train", "val")
        for name in names
        for number in range(4)
    }
    return files | (more or {})
