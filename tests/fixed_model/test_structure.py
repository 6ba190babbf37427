"""Images of too many parts are told by their parts, honest ones of every format pass, and nothing is ever raised."""

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.JpegImagePlugin import MARKER
from PIL.TiffImagePlugin import PREFIXES

from fixed_model.structure import BARE, SEGMENTS, TAG_VALUES, TIFF, why_too_intricate
from tests.archives.pictures import (
    bmp,
    chunk,
    encoded,
    gif_of_many,
    jpeg_of_many,
    jpeg_of_passes,
    jpeg_with_film,
    picture,
    pixels,
    png,
    png_of_many,
    tiff,
    tiff_of_strips,
    tiff_of_tiles,
    tiff_unfinished,
)

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")


@pytest.mark.parametrize("file_format", FORMATS)
def test_an_honest_picture_has_few_parts(file_format: str) -> None:
    assert why_too_intricate(picture(1, file_format)) == ""


def test_a_photograph_of_every_kind_of_metadata_passes() -> None:
    file, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "x" * 60_000
    photograph = Image.effect_noise((2_000, 1_500), 60)
    photograph.save(file, "JPEG", progressive=True, exif=exif, icc_profile=bytes(600_000), comment=b"made by hand")
    assert why_too_intricate(file.getvalue()) == ""


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (png_of_many(chunk(b"tEXt")), "chunks"),
        (png(*[chunk(b"iCCP")] * 2, pixels()), "colour profile"),
        (jpeg_of_many(b"\xff\xef\0\2"), "segments"),
        (jpeg_of_many(b"\xff"), "belong to none"),
        (jpeg_of_many(b"\xff\xf0\xff\xff" + b"\xff\xef\0\2" * 16_383), "segments"),
        (jpeg_of_passes(120), "passes"),
        (jpeg_of_passes(120, before=b"\xff\xfe\0\4\xff\xd9"), "passes"),
        (jpeg_of_passes(120, before=b"\xff\xff"), "passes"),
        (jpeg_of_passes(120, cut=b"\xff\2\xff\xff"), "passes"),
        (jpeg_of_passes(60, before=b"\xff\xfe\0\2" * 10), "segments between"),
        (jpeg_of_passes(1, before=b"\xff\1" * 600), "segments between"),
        (gif_of_many(b"!\xfe\1a\0"), "blocks"),
        (gif_of_many(b"\1", before=False), "blocks"),
        (bmp(b"\1\2" * 1_500_000, 9, 9, 1), "run-length"),
        (bmp(b"\1\2", 7_000, 7_000, 2), "run-length"),
        (tiff_of_strips(150_000), "values"),
        (tiff_unfinished(tiff_of_strips(150_000)), "values"),
        *[(tiff_of_strips(150_000, kind), "values") for kind in (1, 3)],
        *[(tiff_of_tiles(150_000, kind, start), "values") for kind in (1, 3) for start in PREFIXES],
        *[
            (tiff((number, kind, TAG_VALUES, 390)), "values")
            for number in (273, 279, 320, 324, 325)
            for kind in (1, 2, 7)
        ],
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_too_many_parts_are_named(data: bytes, told: str) -> None:
    assert told in why_too_intricate(data)


def test_a_bmp_without_runs_may_be_as_large_as_any() -> None:
    assert why_too_intricate(bmp(bytes(3_000_000), 2_000, 1_500)) == ""


@pytest.mark.parametrize("start", PREFIXES)
def test_a_tiff_of_every_beginning_may_have_strips_of_a_line_and_a_large_profile(start: bytes) -> None:
    assert why_too_intricate(tiff_of_strips(16, 4, start)) == ""
    assert why_too_intricate(tiff((34675, 7, 600_000, 390), body=bytes(600_000), start=start)) == ""


@pytest.mark.parametrize("film", [b"\xff\xda" * 500, b"\xff\xfe" * 600], ids=["passes", "segments"])
def test_a_film_behind_a_photograph_is_no_part_of_it(film: bytes) -> None:
    assert why_too_intricate(jpeg_with_film(film)) == ""


def test_pixels_hold_any_bytes_and_restarts() -> None:
    photograph = encoded(Image.effect_noise((1_000, 1_000), 60), "JPEG", restart_marker_blocks=1)
    assert photograph.count(b"\xff\0") > SEGMENTS < photograph.count(b"\xff\xd1")
    assert why_too_intricate(photograph) == ""


def test_nothing_that_the_decoder_opens_or_steps_over_is_unknown_here() -> None:
    assert set(TIFF) == set(PREFIXES)
    assert {marker & 0xFF for marker, (_, _, handler) in MARKER.items() if handler is None} <= BARE


@pytest.mark.parametrize("place", [2**63 - 1, 2**63, 2**64 - 1])
def test_tags_at_a_place_that_no_file_has_are_left_to_the_decoder(place: int) -> None:
    assert why_too_intricate(struct.pack("<4s4xQ", b"II+\0", place) + bytes(99)) == ""


@given(st.sampled_from(FORMATS), st.binary(max_size=60), st.integers(0, 300))
def test_whatever_follows_a_signature_is_judged(file_format: str, noise: bytes, at: int) -> None:
    whole = picture(1, file_format)
    assert isinstance(why_too_intricate(whole[:at] + noise + whole[at + len(noise) :]), str)
    assert isinstance(why_too_intricate(whole[:8] + noise), str)
