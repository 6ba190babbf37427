"""Pictures for tests, drawn here: noise with a seed, in any mode and file format."""

import io
import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def noise(height: int, width: int, channels: int = 3, seed: int = 0) -> NDArray[np.uint8]:
    """Random pixels [H, W, C]."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, channels), dtype=np.uint8)


def encoded(image: Image.Image, file_format: str = "PNG", **options: Any) -> bytes:
    """The picture as a file's bytes."""
    file = io.BytesIO()
    image.save(file, file_format, **options)
    return file.getvalue()


def rgb(height: int = 20, width: int = 30, seed: int = 0) -> Image.Image:
    """A colour picture of noise."""
    return Image.fromarray(noise(height, width, 3, seed))


def grey(height: int = 20, width: int = 30, seed: int = 0) -> Image.Image:
    """A grey picture of noise."""
    return Image.fromarray(noise(height, width, 1, seed)[..., 0])


def grey_png(seed: int, size: int = 12) -> bytes:
    """A small grey PNG, another one for every seed."""
    return encoded(grey(size, size, seed))


def drawn_png(label: int, seed: int, size: int = 32) -> bytes:
    """A picture that shows its label: a bright bar whose place is the label, on noise."""
    pixels = noise(size, size, 1, seed)[..., 0] // 4
    pixels[4 * label : 4 * label + 4] = 255
    return encoded(Image.fromarray(pixels))


def png_of_words(words: NDArray[np.uint16], colour: int) -> bytes:
    """A 16-bit PNG by hand: Pillow writes none in colour. `colour`: 0 grey, 2 RGB, 4 grey + alpha, 6 RGBA."""
    height, width = words.shape[:2]
    rows = b"".join(b"\0" + words[row].astype(">u2").tobytes() for row in range(height))
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 16, colour, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    body = (struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)
