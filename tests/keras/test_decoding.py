"""tf.io.decode_image and ours, kind by kind: equal, or different in a way that is known exactly."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from fixed_model.images import NotAnImageError, UnreadableImageError
from tests.keras import files, ours
from tests.keras.conftest import Arrays, Ask
from tests.keras.measuring import assert_within

pytestmark = [
    pytest.mark.keras,
    # Pillow's advice on a palette with alpha, whose colours are read and whose alpha is not.
    pytest.mark.filterwarnings("ignore:Palette images with Transparency"),
]

JPEG_BOUNDS = {  # largest difference of a value, and mean difference, of 255
    "4:2:0, quality 75": (3, 1.0),
    "4:2:2, quality 75": (3, 1.0),
    "4:4:4, quality 75": (3, 1.0),
    "4:2:0, quality 95": (9, 1.7),
    "4:2:0, quality 100": (12, 2.7),
    "4:4:4, quality 100": (17, 2.1),
    "noise, quality 75": (4, 1.1),
    "grey": (2, 0.6),
    "progressive": (3, 1.0),
    "progressive grey": (2, 0.6),
    "RGB unconverted": (2, 0.6),
    "to be turned by EXIF": (3, 1.0),
    "CMYK by Adobe": (3, 0.6),
    "CMYK not by Adobe": (3, 0.6),
}
PAIRS = np.array([[1, 2, 3, 1], [2, 3, 1, 2]], np.uint8)
ODD = {
    "BMP with a palette": files.bmp(8, 8, 4, bytes(range(32))),
    "GIF with a hole": files.gif((4, 2), (0, 0), PAIRS, hole=2),
    "GIF smaller than its screen": files.gif((6, 5), (1, 1), PAIRS),
    "PNG, damaged comment": files.with_chunk(files.encoded(files.RGB), b"tEXt", b"a\0b", damage=b"\0\0\0\0"),
    "PNG, damaged checksum of the pixels": files.with_damaged_pixels(files.encoded(files.RGB)),
}


@pytest.fixture(scope="module")
def theirs(ask: Ask) -> Arrays:
    """What TensorFlow decodes every file to; empty where it refuses."""
    kinds = files.equal() | files.jpegs() | files.refused_by_both() | files.unread_by_tensorflow() | ODD
    return ask("decode", as_arrays(kinds))


def as_arrays(kinds: dict[str, bytes]) -> Arrays:
    return {name: np.frombuffer(data, np.uint8) for name, data in kinds.items()}


@pytest.mark.parametrize("kind", files.equal())
def test_the_pixels_are_equal(theirs: Arrays, kind: str) -> None:
    assert theirs[kind].size
    assert np.array_equal(ours.decoded(files.equal()[kind]), theirs[kind])


@pytest.mark.data
@pytest.mark.parametrize("archive", ["original.zip", "entry-mixed-modes.zip"])
def test_the_pixels_of_real_pictures_are_equal(
    ask: Ask, pictures: Callable[[str, int], list[bytes]], archive: str
) -> None:
    real = {str(number): data for number, data in enumerate(pictures(archive, 600))}
    decoded = ask("decode", as_arrays(real))
    assert all(np.array_equal(ours.decoded(data), decoded[name]) for name, data in real.items())


@pytest.mark.parametrize("kind", files.refused_by_both())
def test_a_file_that_ends_too_early_is_refused_by_both(theirs: Arrays, kind: str) -> None:
    assert not theirs[kind].size
    with pytest.raises(UnreadableImageError):
        ours.decoded(files.refused_by_both()[kind])


# --- where the two are not the same ---


def test_a_jpeg_file_is_equal_to_tensorflows_accurate_transform(ask: Ask) -> None:
    accurate = ask("decode_jpeg_accurately", as_arrays(files.jpegs()))
    for kind, data in files.jpegs().items():
        assert np.array_equal(ours.decoded(data), accurate[kind]), kind


@pytest.mark.parametrize("kind", files.jpegs())
def test_a_jpeg_file_differs_by_no_more_than_tensorflows_fast_transform_does(theirs: Arrays, kind: str) -> None:
    largest, mean = JPEG_BOUNDS[kind]
    mine = ours.decoded(files.jpegs()[kind])
    assert_within(kind, mine, theirs[kind], largest)
    assert_within(f"{kind}, mean", np.abs(mine.astype(int) - theirs[kind]).mean(), 0, mean)


@pytest.mark.parametrize("kind", files.unread_by_tensorflow())
def test_what_tensorflow_refuses_follows_our_own_rule(theirs: Arrays, kind: str) -> None:
    assert not theirs[kind].size
    assert ours.decoded(files.unread_by_tensorflow()[kind]).size


def test_a_bmp_palette_is_expanded_where_tensorflow_takes_its_places_for_grey(theirs: Arrays) -> None:
    kind = "BMP with a palette"
    places = np.arange(32).reshape(4, 8)[::-1, :, None]
    assert np.array_equal(theirs[kind], np.broadcast_to(places, (4, 8, 3)))
    assert np.array_equal(ours.decoded(ODD[kind]), 255 - theirs[kind])


def test_a_hole_in_a_gif_keeps_its_colour_where_tensorflow_makes_it_black(theirs: Arrays) -> None:
    kind = "GIF with a hole"
    assert np.array_equal(ours.decoded(ODD[kind]), np.array(files.PALETTE)[PAIRS])
    assert np.array_equal(theirs[kind], np.array(files.PALETTE)[PAIRS] * (PAIRS != 2)[..., None])


def test_a_gif_frame_smaller_than_its_screen_is_shown_on_it_where_tensorflow_cuts_the_screen(theirs: Arrays) -> None:
    kind = "GIF smaller than its screen"
    mine = ours.decoded(ODD[kind])
    assert mine.shape == (5, 6, 3)
    assert np.array_equal(mine[1:3, 1:5], np.array(files.PALETTE)[PAIRS])
    assert theirs[kind].shape == (2, 4, 3)
    assert np.array_equal(theirs[kind][1:, 1:], mine[1:2, 1:4])
    assert not theirs[kind][0].any()
    assert not theirs[kind][:, 0].any()


def test_a_png_with_a_damaged_comment_is_refused_where_tensorflow_reads_it(theirs: Arrays) -> None:
    kind = "PNG, damaged comment"
    assert np.array_equal(theirs[kind], files.drawn(3))
    with pytest.raises(NotAnImageError):
        ours.decoded(ODD[kind])


def test_a_png_whose_pixels_checksum_is_damaged_is_read_where_tensorflow_refuses_it(theirs: Arrays) -> None:
    kind = "PNG, damaged checksum of the pixels"
    assert not theirs[kind].size
    assert np.array_equal(ours.decoded(ODD[kind]), files.drawn(3))
