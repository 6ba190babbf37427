"""The contact sheet: a row per class, drawn by us, so that no byte of an upload reaches a browser."""

from __future__ import annotations

import io

from PIL import Image

from fixed_model.images import Pixels

CELL = 48
"""Pixels a side of one picture."""

BACKGROUND = (128, 128, 128)


def draw(rows: list[list[Image.Image]], columns: int) -> bytes:
    """A PNG of thumbnails, each in its cell; a row may be shorter than the widest."""
    sheet = Image.new("RGB", (max(columns, 1) * CELL, max(len(rows), 1) * CELL), BACKGROUND)
    for down, row in enumerate(rows):
        for across, picture in enumerate(row[:columns]):
            margin = ((CELL - picture.width) // 2, (CELL - picture.height) // 2)
            sheet.paste(picture, (across * CELL + margin[0], down * CELL + margin[1]))
    file = io.BytesIO()
    sheet.save(file, "PNG")
    return file.getvalue()


def thumbnail(pixels: Pixels) -> Image.Image:
    """A picture that fits into a cell, its sides in proportion."""
    picture = Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)
    scale = CELL / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.BOX)
