"""tf.image.resize and ours, on drawn and real pictures of odd sizes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tests.fixed_model.pictures import noise
from tests.keras import ours
from tests.keras.conftest import Ask
from tests.keras.measuring import assert_within

pytestmark = pytest.mark.keras
ONE_ROUNDING = float(np.spacing(np.float32(255)))
SIDES = [(1, 1), (1, 759), (2, 3), (5, 32), (31, 33), (33, 31), (47, 53), (64, 64), (97, 101), (224, 300), (759, 611)]
SIDES += [(int(height), int(width)) for height, width in np.random.default_rng(0).integers(1, 800, (40, 2))]


@pytest.mark.parametrize("channels", [1, 3])
def test_drawn_pictures_of_odd_sizes_are_equal_but_for_the_last_bits(ask: Ask, channels: int) -> None:
    drawn = {f"{height}x{width}": noise(height, width, channels, seed=height) for height, width in SIDES}
    theirs = ask("resize", drawn)
    for name, pixels in drawn.items():
        assert_within(name, ours.resized(pixels), theirs[name], 2 * ONE_ROUNDING)


def test_a_picture_of_the_right_size_is_left_alone_by_both(ask: Ask) -> None:
    pixels = noise(32, 32)
    theirs = ask("resize", {"pixels": pixels})["pixels"]
    assert np.array_equal(ours.resized(pixels), theirs)
    assert np.array_equal(theirs, pixels)


@pytest.mark.data
def test_real_pictures_of_odd_sizes_are_equal_but_for_the_last_bits(
    ask: Ask, pictures: Callable[[str, int], list[bytes]]
) -> None:
    files = [ours.decoded(data) for data in pictures("entry-mixed-modes.zip", 600)]
    odd = {str(number): pixels for number, pixels in enumerate(files) if pixels.shape[:2] != (32, 32)}
    assert len({pixels.shape[:2] for pixels in odd.values()}) > 100
    theirs = ask("resize", odd)
    mine = {name: ours.resized(pixels) for name, pixels in odd.items()}
    print(f"{sum(np.array_equal(mine[name], theirs[name]) for name in odd)} of {len(odd)} are equal bit for bit")
    for name in odd:
        assert_within(name, mine[name], theirs[name], 2 * ONE_ROUNDING)
