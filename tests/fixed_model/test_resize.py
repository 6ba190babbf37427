"""Resizing equals TensorFlow's bilinear filter without antialiasing, which is torch's interpolate."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from torch.nn import functional

from fixed_model.images import resize, taps
from tests.fixed_model.pictures import noise

SIDES = st.integers(1, 800)


def by_torch(pixels: np.ndarray, size: int) -> np.ndarray:
    """torch's answer for the same question."""
    tensor = torch.from_numpy(pixels).permute(2, 0, 1)[None].float()
    filtered = functional.interpolate(tensor, (size, size), mode="bilinear", align_corners=False, antialias=False)
    return filtered[0].numpy()


@given(height=SIDES, width=SIDES, channels=st.sampled_from([1, 3]), size=st.sampled_from([1, 7, 32, 64, 224]))
@settings(max_examples=150, deadline=None)
def test_it_equals_interpolate_at_any_size(height: int, width: int, channels: int, size: int) -> None:
    pixels = noise(height, width, channels, seed=height)
    assert np.abs(resize(pixels, size) - by_torch(pixels, size)).max() < 1e-4


@pytest.mark.parametrize(("height", "width"), [(1, 1), (2, 3), (31, 33), (32, 32), (300, 299), (759, 32)])
def test_at_32_pixels_it_equals_interpolate_almost_bit_for_bit(height: int, width: int) -> None:
    pixels = noise(height, width, 1, seed=1)
    assert np.abs(resize(pixels, 32) - by_torch(pixels, 32)).max() <= 2 * np.spacing(np.float32(255))


def test_an_image_of_the_right_size_is_left_alone() -> None:
    pixels = noise(32, 32)
    assert np.array_equal(resize(pixels, 32), pixels.transpose(2, 0, 1))


def test_half_the_size_takes_the_mean_of_four() -> None:
    pixels = noise(64, 64, 1)
    means = pixels[..., 0].reshape(32, 2, 32, 2).mean((1, 3))
    assert np.allclose(resize(pixels, 32)[0], means, atol=1e-4)


def test_nothing_is_rounded_and_nothing_leaves_the_range() -> None:
    resized = resize(noise(100, 77), 32)
    assert resized.dtype == np.float32
    assert resized.shape == (3, 32, 32)
    assert 0 <= resized.min() <= resized.max() <= 255
    assert (resized % 1 != 0).mean() > 0.5


def test_it_is_not_pillows_resize_which_antialiases() -> None:
    pixels = noise(300, 300, 1)
    antialiased = np.asarray(Image.fromarray(pixels[..., 0]).resize((32, 32), Image.Resampling.BILINEAR))
    assert np.abs(resize(pixels, 32)[0] - antialiased).mean() > 20


@given(height=SIDES, width=SIDES, value=st.integers(0, 255))
@settings(max_examples=50, deadline=None)
def test_a_flat_image_stays_flat(height: int, width: int, value: int) -> None:
    assert (resize(np.full((height, width, 1), value, np.uint8), 32) == value).all()


def test_channels_do_not_meet() -> None:
    pixels = noise(45, 50)
    apart = np.concatenate([resize(pixels[..., channel : channel + 1], 32) for channel in range(3)])
    assert np.array_equal(resize(pixels, 32), apart)


@given(length=st.integers(1, 1000), size=st.integers(1, 300))
@settings(max_examples=100, deadline=None)
def test_every_tap_is_inside_the_image(length: int, size: int) -> None:
    first, second, share = taps(length, size)
    assert (first >= 0).all()
    assert (second < length).all()
    assert (second - first <= 1).all()
    assert ((share >= 0) & (share <= 1)).all()
