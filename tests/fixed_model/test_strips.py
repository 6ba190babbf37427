"""Thumbnails that one encoder made show the pixels that each would show from an encoder of its own."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from fixed_model import strips
from fixed_model.looks import QUALITY, THUMBNAIL
from fixed_model.strips import jpegs
from tests.fixed_model.pictures import encoded, noise

SIDES = st.integers(1, THUMBNAIL)


def grey(height: int, width: int, seed: int = 0) -> NDArray[np.uint8]:
    return noise(height, width, 1, seed)[..., 0]


def shown(jpeg: bytes) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(jpeg)))


@settings(max_examples=50)
@given(st.lists(st.tuples(SIDES, SIDES), max_size=20))
def test_each_file_shows_what_an_encoder_of_its_own_would_have_made(sides: list[tuple[int, int]]) -> None:
    pictures = [grey(*each, seed=number) for number, each in enumerate(sides)]
    files = jpegs(pictures, QUALITY)
    assert len(files) == len(pictures)
    for picture, file in zip(pictures, files, strict=True):
        alone = shown(encoded(Image.fromarray(picture), "JPEG", quality=QUALITY))
        assert np.array_equal(shown(file), alone)


def test_a_file_is_the_same_whatever_is_beside_it() -> None:
    picture = grey(90, 61)
    beside = [grey(height, 60, seed=height) for height in range(1, 97)]
    alone = jpegs([picture], QUALITY)
    assert jpegs([*beside, picture, *beside], QUALITY)[len(beside)] == alone[0]


def test_a_strip_ends_before_it_is_too_tall(monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = [grey(30, 30, seed) for seed in range(12)]
    whole = jpegs(pictures, QUALITY)
    monkeypatch.setattr(strips, "TALLEST", 100)
    assert jpegs(pictures, QUALITY) == whole


def test_more_pictures_than_a_jpeg_is_tall_are_more_strips() -> None:
    picture = grey(96, 8)
    assert len(set(jpegs([picture] * 800, QUALITY))) == 1
