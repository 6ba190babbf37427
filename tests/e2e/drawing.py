"""Roman numerals by hand, as a contact sheet: what a label book looks like without anybody's data."""

import io
import math
import random
from functools import cache

from PIL import Image, ImageDraw, ImageFilter

CLASSES = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"]
CELL, COLUMNS = 48, 12
_GRID = 4
_STROKES = {
    "i": [((0.5, 0.3), (0.5, 0.9)), ((0.5, 0.1), (0.5, 0.13))],
    "v": [((0.1, 0.25), (0.5, 0.9)), ((0.5, 0.9), (0.9, 0.25))],
    "x": [((0.1, 0.2), (0.9, 0.9)), ((0.9, 0.2), (0.1, 0.9))],
}
_WIDTHS = {"i": 0.5, "v": 1.0, "x": 1.0}


@cache
def contact_sheet(seed: int = 0, columns: int = COLUMNS) -> bytes:
    """A row for each class, as PNG."""
    draw = random.Random(seed)
    sheet = Image.new("L", (columns * CELL, len(CLASSES) * CELL), 255)
    for row, name in enumerate(CLASSES):
        for column in range(columns):
            sheet.paste(numeral(name, draw), (column * CELL, row * CELL))
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def numeral(name: str, draw: random.Random) -> Image.Image:
    """One numeral: strokes that shake, a pen of some width, paper that is not quite white."""
    side = CELL * _GRID
    paper = Image.new("L", (side, side), draw.randint(236, 255))
    pen = ImageDraw.Draw(paper)
    ink, width = draw.randint(0, 70), draw.randint(6, 15)
    total = sum(_WIDTHS[letter] for letter in name)
    scale = side * draw.uniform(0.55, 0.8) / max(total, 1.6)
    left, top = (side - total * scale) / 2, side * draw.uniform(0.22, 0.32)
    height, slant = side * draw.uniform(0.42, 0.58), draw.uniform(-0.18, 0.18)
    for letter in name:
        for (x0, y0), (x1, y1) in _STROKES[letter]:
            _stroke(pen, draw, [(left + (x0 * _WIDTHS[letter]) * scale + slant * (1 - y0) * height, top + y0 * height),
                                (left + (x1 * _WIDTHS[letter]) * scale + slant * (1 - y1) * height, top + y1 * height)],
                    ink, width)  # fmt: skip
        left += _WIDTHS[letter] * scale
    return paper.filter(ImageFilter.GaussianBlur(draw.uniform(0.5, 2.5))).resize((CELL, CELL), Image.Resampling.LANCZOS)


def _stroke(
    pen: ImageDraw.ImageDraw, draw: random.Random, ends: list[tuple[float, float]], ink: int, width: int
) -> None:
    (x0, y0), (x1, y1) = ends
    bend, phase = draw.uniform(-9, 9), draw.uniform(0.6, 1.4)
    steps = [index / 12 for index in range(13)]
    line = [
        (x0 + (x1 - x0) * t + bend * math.sin(math.pi * t * phase) + draw.uniform(-1, 1), y0 + (y1 - y0) * t)
        for t in steps
    ]
    pen.line(line, fill=ink, width=width, joint="curve")
