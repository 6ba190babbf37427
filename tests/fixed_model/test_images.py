"""Decoding, mode by mode and format by format: what TensorFlow would see, and our own rule where it sees nothing."""

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from fixed_model.images import NotAnImageError, TooManyPixelsError, UnreadableImageError, decode
from tests.fixed_model.pictures import encoded, grey, noise, png_of_words, rgb

ROOM = 10**6
FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")


def pixels(data: bytes) -> NDArray[np.uint8]:
    return decode(data, ROOM).pixels


# --- modes ---


@pytest.mark.parametrize("file_format", ["PNG", "BMP", "TIFF", "GIF"])
def test_grey_stays_one_channel(file_format: str) -> None:
    assert np.array_equal(pixels(encoded(grey(), file_format)), noise(20, 30, 1))


@pytest.mark.parametrize("file_format", ["PNG", "BMP", "TIFF"])
def test_colour_is_read_as_rgb(file_format: str) -> None:
    assert np.array_equal(pixels(encoded(rgb(), file_format)), noise(20, 30, 3))


def test_webp_without_loss_is_read_as_rgb() -> None:
    assert np.array_equal(pixels(encoded(rgb(), "WEBP", lossless=True)), noise(20, 30, 3))


def test_jpeg_is_read_as_pillow_and_tensorflow_read_it() -> None:
    data = encoded(rgb(), "JPEG", quality=95, subsampling=0)
    assert np.array_equal(pixels(data), np.asarray(Image.open(io.BytesIO(data))))


def test_colour_that_is_grey_everywhere_becomes_one_channel() -> None:
    three = Image.merge("RGB", [grey()] * 3)
    assert np.array_equal(pixels(encoded(three)), noise(20, 30, 1))


@pytest.mark.parametrize("file_format", ["PNG", "TIFF", "WEBP"])
def test_alpha_is_dropped_and_not_composited(file_format: str) -> None:
    colours, alpha = noise(20, 30, 3), noise(20, 30, 1, seed=5)
    image = Image.fromarray(np.concatenate([colours, alpha], axis=2))
    options = {"lossless": True, "exact": True} if file_format == "WEBP" else {}
    assert np.array_equal(pixels(encoded(image, file_format, **options)), colours)


def test_alpha_of_grey_is_dropped_too() -> None:
    image = Image.merge("LA", [grey(), grey(seed=5)])
    assert np.array_equal(pixels(encoded(image)), noise(20, 30, 1))


@pytest.mark.parametrize("file_format", ["PNG", "GIF", "BMP", "TIFF"])
def test_a_palette_is_expanded(file_format: str) -> None:
    image = rgb().quantize(64)
    assert np.array_equal(pixels(encoded(image, file_format)), np.asarray(image.convert("RGB")))


def test_a_transparent_place_in_a_palette_keeps_its_colour() -> None:
    image = rgb().quantize(16)
    data = encoded(image, transparency=3)
    assert np.array_equal(pixels(data), np.asarray(image.convert("RGB")))


def test_one_bit_becomes_black_and_white() -> None:
    image = grey().convert("1", dither=Image.Dither.NONE)
    assert np.array_equal(pixels(encoded(image))[..., 0], np.where(noise(20, 30, 1)[..., 0] > 127, 255, 0))


@pytest.mark.parametrize(("colour", "channels", "kept"), [(0, 1, 1), (2, 3, 3), (4, 2, 1), (6, 4, 3)])
def test_sixteen_bits_are_cut_to_the_high_byte(colour: int, channels: int, kept: int) -> None:
    words = np.random.default_rng(0).integers(0, 65536, (9, 11, channels), dtype=np.uint16)
    assert np.array_equal(pixels(png_of_words(words, colour)), (words[..., :kept] >> 8).astype(np.uint8))


def test_a_sixteen_bit_tiff_is_cut_to_the_high_byte() -> None:
    words = np.random.default_rng(0).integers(0, 65536, (9, 11), dtype=np.uint16)
    assert np.array_equal(pixels(encoded(Image.fromarray(words), "TIFF"))[..., 0], words >> 8)


def test_floats_are_taken_as_they_are_and_clipped() -> None:
    values = np.array([[-5.0, 0.0, 1.9, 255.0, 900.0, np.nan]], np.float32)
    assert pixels(encoded(Image.fromarray(values), "TIFF"))[0, :, 0].tolist() == [0, 0, 1, 255, 255, 0]


def test_inks_follow_tensorflows_formula() -> None:
    ink = noise(20, 30, 4)
    light = 255 - ink.astype(int)
    expected = light[..., :3] * light[..., 3:] // 255
    assert np.array_equal(pixels(encoded(Image.fromarray(ink, "CMYK"), "TIFF")), expected)


def test_inks_of_a_jpeg_are_turned_only_if_adobe_wrote_it() -> None:
    flat = np.full((16, 16, 4), (200, 100, 50, 30), np.uint8)
    adobe = encoded(Image.fromarray(flat, "CMYK"), "JPEG", quality=100)
    at = adobe.index(b"\xff\xee")
    plain = adobe[:at] + adobe[at + 2 + struct.unpack(">H", adobe[at + 2 : at + 4])[0] :]
    stored = 255 - flat[0, 0].astype(int)  # Adobe's way: light instead of ink
    assert np.abs(pixels(adobe)[0, 0].astype(int) - stored[:3] * stored[3] // 255).max() <= 2
    ink = 255 - stored
    assert np.abs(pixels(plain)[0, 0].astype(int) - ink[:3] * ink[3] // 255).max() <= 2


def test_a_colour_space_that_nobody_agreed_on_is_refused() -> None:
    with pytest.raises(UnreadableImageError, match="LAB"):
        decode(encoded(Image.new("LAB", (4, 4)), "TIFF"), ROOM)


# --- frames and rotation ---


@pytest.mark.parametrize("file_format", ["GIF", "WEBP", "TIFF", "PNG"])
def test_of_several_frames_the_first_is_read_and_the_others_are_told_of(file_format: str) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue", "lime")]
    options = {"lossless": True} if file_format == "WEBP" else {}
    found = decode(encoded(frames[0], file_format, save_all=True, append_images=frames[1:], **options), ROOM)
    assert found.extra_frames
    assert found.pixels[0, 0].tolist() == [255, 0, 0]


@pytest.mark.parametrize("file_format", FORMATS)
def test_of_one_frame_nothing_is_told(file_format: str) -> None:
    found = decode(encoded(rgb(), file_format), ROOM)
    assert not found.extra_frames
    assert (found.width, found.height, found.format) == (30, 20, file_format)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_an_orientation_tag_turns_nothing(file_format: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"JPEG": {"quality": 90}, "WEBP": {"lossless": True}}.get(file_format, {})
    plain, tagged = (decode(encoded(rgb(), file_format, **options, **more), ROOM) for more in ({}, {"exif": exif}))
    assert np.array_equal(plain.pixels, tagged.pixels)
    assert (tagged.width, tagged.height) == (30, 20)


def test_one_pixel_is_an_image() -> None:
    assert pixels(encoded(Image.new("L", (1, 1), 7))).tolist() == [[[7]]]


# --- what is not accepted ---


@pytest.mark.parametrize("data", [b"", b"hello", b"\x00" * 100, b"%PDF-1.7 ...", b"<svg></svg>", b"P6 1 1 255 abc"])
def test_what_is_none_of_the_formats_is_not_an_image(data: bytes) -> None:
    with pytest.raises(NotAnImageError):
        decode(data, ROOM)


def test_a_format_that_pillow_reads_and_we_do_not_is_not_an_image() -> None:
    with pytest.raises(NotAnImageError):
        decode(encoded(rgb(), "ICO"), ROOM)


def test_the_limit_of_pixels_is_read_from_the_header_before_anything_is_decoded() -> None:
    bomb = bytearray(encoded(grey(10, 10)))
    bomb[16:24] = struct.pack(">II", 50_000, 50_000)
    bomb[29:33] = struct.pack(">I", zlib.crc32(bytes(bomb[12:29])))
    with pytest.raises(TooManyPixelsError, match="50000 x 50000"):
        decode(bytes(bomb), 50_000_000)


def test_exactly_the_limit_of_pixels_is_accepted() -> None:
    data = encoded(grey(20, 30))
    assert decode(data, 600).width == 30
    with pytest.raises(TooManyPixelsError):
        decode(data, 599)


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9, 0.97])
def test_an_image_that_was_cut_is_refused(file_format: str, share: float) -> None:
    data = encoded(rgb(40, 40), file_format)
    with pytest.raises((UnreadableImageError, NotAnImageError)):
        decode(data[: int(len(data) * share)], ROOM)


@pytest.mark.parametrize("file_format", FORMATS)
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_wherever_an_image_is_cut_it_is_refused_or_whole(file_format: str, data: st.DataObject) -> None:
    whole = encoded(rgb(12, 12), file_format)
    cut = data.draw(st.integers(0, len(whole) - 1))
    try:
        found = pixels(whole[:cut])
    except (UnreadableImageError, NotAnImageError):
        return
    assert np.array_equal(found, pixels(whole))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("file_format", FORMATS)
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_damaged_bytes_end_in_pixels_or_in_a_reason_never_in_anything_else(
    file_format: str, data: st.DataObject
) -> None:
    damaged = bytearray(encoded(rgb(12, 12), file_format))
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = decode(bytes(damaged), 10_000)
    except (UnreadableImageError, NotAnImageError, TooManyPixelsError):
        return
    assert found.pixels.shape[:2] == (found.height, found.width)


# --- the digest of pixels ---


def test_files_that_look_the_same_have_one_digest_of_pixels() -> None:
    three = Image.merge("RGB", [grey()] * 3)
    digests = {decode(data, ROOM).digest() for data in (encoded(grey()), encoded(three), encoded(grey(), "BMP"))}
    assert len(digests) == 1


def test_the_same_bytes_in_another_shape_have_another_digest_of_pixels() -> None:
    flat = noise(20, 30, 1)[..., 0]
    one, two = encoded(Image.fromarray(flat)), encoded(Image.fromarray(flat.reshape(30, 20)))
    assert decode(one, ROOM).digest() != decode(two, ROOM).digest()
