"""What is done sooner is done the same: pixel for pixel and refusal for refusal what images.py defines."""

import struct
import zipfile
import zlib
from pathlib import Path
from random import Random

import numpy as np
import pytest
from blake3 import blake3
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from fixed_model.images import NotAnImageError, TooManyPixelsError, UnreadableImageError, decode, resize
from fixed_model.quick import LINES as MOST_LINES
from fixed_model.quick import PIXELS, decode_plain, decode_soon, digest_of
from fixed_model.resizing import pick, resize_all
from tests.fixed_model.pictures import encoded, grey, noise, rgb

ROOM = 10**8
SIGNATURE = b"\x89PNG\r\n\x1a\n"
SIDES = st.integers(1, 70)
REFUSED = (NotAnImageError, TooManyPixelsError, UnreadableImageError)


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))


def png(
    lines: list[bytes], width: int, colour: int = 0, *, pieces: int = 1, bits: int = 8, behind: bytes = b""
) -> bytes:
    """A PNG of lines that have their filter's byte already, its pixels in so many chunks."""
    packed = zlib.compress(b"".join(lines) + behind)
    step = -(-len(packed) // pieces)
    parts = [chunk(b"IDAT", packed[at : at + step]) for at in range(0, len(packed), step)]
    header = struct.pack(">LLBBBBB", width, len(lines), bits, colour, 0, 0, 0)
    return SIGNATURE + chunk(b"IHDR", header) + b"".join(parts) + chunk(b"IEND")


def told(data: bytes, pixel_limit: int = ROOM, *, sooner: bool) -> tuple[object, ...]:
    """All that a decoder gives, or how it refuses."""
    try:
        image = (decode_soon if sooner else decode)(data, pixel_limit)
    except REFUSED as error:
        return type(error), str(error)
    return image.pixels.tobytes(), image.pixels.shape, image.width, image.height, image.mode, image.format


@st.composite
def filtered(draw: st.DrawFn, most: int) -> bytes:
    """A picture whose lines have any filter up to `most`; what it shows does not matter."""
    width, height, colour = draw(SIDES), draw(SIDES), draw(st.sampled_from([0, 2]))
    some = Random(draw(st.integers(0, 10**6)))
    step = width * (3 if colour else 1)
    kinds = draw(st.lists(st.integers(0, most), min_size=1, max_size=4))
    lines = [bytes([some.choice(kinds)]) + some.randbytes(step) for _ in range(height)]
    return png(lines, width, colour, pieces=draw(st.integers(1, 3)))


@given(filtered(most=2))
def test_plain_filters_are_undone_as_pillow_does(data: bytes) -> None:
    assert decode_plain(data, ROOM) is not None
    assert told(data, sooner=True) == told(data, sooner=False)


@given(filtered(most=4))
def test_any_filters_give_the_pixels_of_pillow(data: bytes) -> None:
    assert told(data, sooner=True) == told(data, sooner=False)


@given(filtered(most=2), st.data())
def test_a_damaged_file_ends_as_it_would_with_pillow(data: bytes, draw: st.DataObject) -> None:
    at = draw.draw(st.integers(0, len(data) - 1))
    damaged = data[:at] + bytes([data[at] ^ draw.draw(st.integers(1, 255))]) + data[at + 1 :]
    for broken in (damaged, data[:at], data + data[at:], data[:at] + data[at + 1 :]):
        assert told(broken, sooner=True) == told(broken, sooner=False)


def test_colours_that_are_all_grey_become_one_channel() -> None:
    data = encoded(Image.fromarray(noise(9, 14, 1).repeat(3, axis=2)))
    assert told(data, sooner=True) == told(data, sooner=False)
    lines = [bytes([1]) + bytes([value] * 30) for value in (7, 9, 200)]  # steps of equal colours
    grey_steps = png(lines, 10, 2)
    plain = decode_plain(grey_steps, ROOM)
    assert plain is not None
    assert plain.pixels.shape == (3, 10, 1)
    assert told(grey_steps, sooner=True) == told(grey_steps, sooner=False)


LINES = [bytes([1]) + bytes(range(20))] * 6


@pytest.mark.parametrize(
    "data",
    [
        png(LINES, 20, behind=b"\0"),
        png(LINES, 20) + b"more",
        png(LINES, 20)[:-12],
        png(LINES, 19),
        png(LINES, 21),
        png([bytes([1]) + bytes(20)] * 6, 10, bits=16),
        png([bytes([3]) + bytes(20)] * 6, 20),
        png([bytes([5]) + bytes(20)] * 6, 20),
        SIGNATURE + chunk(b"tEXt", b"a\0b") + png(LINES, 20)[8:],
        png(LINES, 20)[:33] + chunk(b"tEXt", b"a\0b") + png(LINES, 20)[33:],
        png(LINES, 20)[:33] + chunk(b"tRNS", b"\0\1") + png(LINES, 20)[33:],
        png(LINES, 20)[:33] + chunk(b"IEND") + png(LINES, 20)[33:],
        png(LINES, 20)[:33] + png(LINES, 20)[8:],
        encoded(grey().convert("P")),
        encoded(rgb(), "JPEG"),
        SIGNATURE,
        b"",
    ],
    ids=range(17),
)
def test_what_is_not_plain_is_left_to_pillow(data: bytes) -> None:
    assert decode_plain(data, ROOM) is None
    assert told(data, sooner=True) == told(data, sooner=False)


def test_the_limit_of_pixels_is_the_requests() -> None:
    data = png(LINES, 20)
    assert told(data, 119, sooner=True) == told(data, 119, sooner=False)
    assert told(data, 119, sooner=True)[0] is TooManyPixelsError


def test_a_picture_that_unpacks_to_much_is_left_to_pillow() -> None:
    width = 2048
    large = png([bytes(1 + width)] * (PIXELS // width + 1), width)
    assert decode_plain(large, ROOM) is None
    assert decode_plain(png([bytes(2)] * MOST_LINES, 1), ROOM) is not None
    assert decode_plain(png([bytes(2)] * (MOST_LINES + 1), 1), ROOM) is None
    bomb = png([bytes(20)] * 5, 19, behind=bytes(10**7))
    assert decode_plain(bomb, ROOM) is None


SHAPES = st.tuples(SIDES, SIDES, st.sampled_from([1, 3]))


@given(st.lists(SHAPES, min_size=1, max_size=20), st.integers(1, 70))
def test_pictures_are_resized_together_to_the_same_bits(shapes: list[tuple[int, int, int]], size: int) -> None:
    pictures = [noise(*shape, seed=number) for number, shape in enumerate(shapes)]
    for pixels, ours in zip(pictures, resize_all([pick(pixels, size) for pixels in pictures]), strict=True):
        theirs = resize(pixels, size)
        assert (ours.shape, ours.dtype, ours.tobytes()) == (theirs.shape, theirs.dtype, theirs.tobytes())


def test_the_digest_of_pixels_is_the_blake3_of_shape_and_pixels() -> None:
    pixels = decode(encoded(rgb(20, 30)), ROOM).pixels
    assert digest_of(pixels) == blake3(b"20x30x3:" + pixels.tobytes()).hexdigest()
    assert digest_of(pixels.reshape(30, 20, 3)) != digest_of(pixels)


def test_blake3_is_the_published_one() -> None:
    assert blake3(b"").hexdigest() == "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"


@pytest.mark.data
@pytest.mark.parametrize("name", ["entry-small", "entry-mixed-modes"])
def test_real_pictures_are_the_same(name: str, real_data: Path) -> None:
    plain = 0
    with zipfile.ZipFile(real_data / "roman" / f"{name}.zip") as archive:
        for entry in [entry for entry in archive.infolist() if entry.filename.endswith(".png")][::7]:
            data = archive.read(entry)
            assert told(data, sooner=True) == told(data, sooner=False), entry.filename
            pixels: NDArray[np.uint8] = decode(data, ROOM).pixels
            assert np.array_equal(resize_all([pick(pixels, 32)])[0], resize(pixels, 32))
            plain += decode_plain(data, ROOM) is not None
    assert plain > 100
