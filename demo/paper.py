"""Ink on paper, photographed: from traces to a grey image."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from demo.hand import Trace, write
from demo.strokes import Points

FINER = 4
"""Ink is drawn this many times larger and then averaged: soft edges without a font or a library of brushes."""
SMALLEST, LARGEST = 40, 120
SCANNED_SHARE = 0.5


def picture(numeral: str, rng: np.random.Generator) -> Image.Image:
    """One grey image of a handwritten numeral, scanned or photographed, 40 to 120 pixels a side."""
    width = int(rng.integers(SMALLEST, LARGEST + 1))
    height = int(np.clip(width * rng.uniform(0.7, 1.4), SMALLEST, LARGEST))
    ink = _ink(_placed(write(numeral, rng), width, height, rng), width, height)
    return _scanned(ink, rng) if rng.random() < SCANNED_SHARE else _photographed(ink, rng)


def png(image: Image.Image) -> bytes:
    """The image as the bytes of a PNG file."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _placed(traces: list[Trace], width: int, height: int, rng: np.random.Generator) -> list[Trace]:
    """Scaled to fill part of the paper, somewhere on it."""
    points = np.concatenate([trace.points for trace in traces])
    pen = max(trace.radii.max() for trace in traces)
    low, high = points.min(axis=0) - pen, points.max(axis=0) + pen
    room = np.array([width, height]) * rng.uniform(0.55, 0.95)
    scale = float(min(room / (high - low)))
    slack = np.array([width, height]) - scale * (high - low)
    corner = slack * rng.uniform(0.15, 0.85, 2)
    return [Trace((trace.points - low) * scale + corner, trace.radii * scale) for trace in traces]


def _ink(traces: list[Trace], width: int, height: int) -> NDArray[np.float64]:
    """Share of each pixel that ink covers, 0…1."""
    canvas = Image.new("L", (width * FINER, height * FINER))
    pen = ImageDraw.Draw(canvas)
    for trace in traces:
        for (x, y), radius in zip(trace.points * FINER, trace.radii * FINER, strict=True):
            reach = max(radius, FINER * 0.6)
            pen.ellipse((x - reach, y - reach, x + reach, y + reach), fill=255)
    return np.asarray(canvas.resize((width, height), Image.Resampling.BOX), dtype=np.float64) / 255


def _scanned(ink: NDArray[np.float64], rng: np.random.Generator) -> Image.Image:
    """White paper, dark ink that breaks where the pen was light, and the crumbs of a scanner."""
    broken = ink * rng.uniform(0.7, 1.0, ink.shape) > rng.uniform(0.3, 0.5)
    dirty = broken | (rng.random(ink.shape) < rng.choice([0.0, 0.0, 0.002, 0.008]))
    grey = np.where(dirty, rng.uniform(0, 90), 255)
    return Image.fromarray(grey.astype(np.uint8))


def _photographed(ink: NDArray[np.float64], rng: np.random.Generator) -> Image.Image:
    """Uneven light, grain, dust, sometimes ruled paper or a shaken camera."""
    height, width = ink.shape
    paper = rng.uniform(190, 255) + _light(width, height, rng)
    if rng.random() < 0.12:
        paper[:: int(rng.integers(8, 20))] -= rng.uniform(15, 45)
    written = paper + (rng.uniform(5, 95) - paper) * ink * rng.uniform(0.75, 1.0)
    written[rng.random(ink.shape) < rng.uniform(0.0, 0.006)] -= rng.uniform(40, 120)
    written += rng.normal(0.0, rng.uniform(1.0, 9.0), ink.shape)
    image = Image.fromarray(written.clip(0, 255).astype(np.uint8))
    return image.filter(ImageFilter.GaussianBlur(rng.uniform(0.5, 1.1))) if rng.random() < 0.25 else image


def _light(width: int, height: int, rng: np.random.Generator) -> Points:
    """A slope of brightness across the paper."""
    across, down = rng.normal(0.0, 14.0, 2)
    light: Points = across * np.linspace(-1, 1, width)[None, :] + down * np.linspace(-1, 1, height)[:, None]
    return light
