"""Labelled images in splits, a known share of them under a wrong label."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from demo.paper import picture, png
from demo.strokes import NUMERALS

NEIGHBOURS = 2
"""A wrong label is at most so many places from the right one: people miscount strokes, they do not confuse i with x."""


@dataclass(frozen=True)
class Sample:
    """One drawn image. `label` is what it shows, `given` what it is filed under; the name tells neither."""

    split: str
    name: str
    label: str
    given: str
    data: bytes


def draw(split: str, per_class: int, seed: int) -> Iterator[Sample]:
    """`per_class` images of every numeral, rightly labelled. Image k of a class is the same whatever `per_class` is."""
    for label in NUMERALS:
        for index in range(per_class):
            rng = np.random.default_rng([seed, *split.encode(), NUMERALS.index(label), index])
            name = f"{rng.bytes(8).hex()}.png"
            yield Sample(split, name, label, label, png(picture(label, rng)))


def mislabelled(samples: list[Sample], rate: float, seed: int) -> list[Sample]:
    """The same images, a share of exactly `rate` (rounded) filed under a neighbouring numeral.

    The first image of each class and split keeps its label, so that no class is ever empty.
    """
    rng = np.random.default_rng([seed, len(samples)])
    kept = {(sample.split, sample.label): index for index, sample in reversed(list(enumerate(samples)))}.values()
    free = [index for index in range(len(samples)) if index not in kept]
    chosen = set(rng.permutation(free)[: round(rate * len(samples))].tolist())
    return [
        replace(sample, given=_wrong(sample.label, rng)) if index in chosen else sample
        for index, sample in enumerate(samples)
    ]


def _wrong(label: str, rng: np.random.Generator) -> str:
    at = NUMERALS.index(label)
    near = [name for place, name in enumerate(NUMERALS) if place != at and abs(place - at) <= NEIGHBOURS]
    return near[int(rng.integers(len(near)))]
