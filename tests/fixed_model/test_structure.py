"""Images of too many parts are told by their parts, honest ones of every format pass, and nothing is ever raised."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fixed_model.structure import why_too_intricate
from tests.archives.pictures import (
    bmp,
    chunk,
    gif_of_many,
    jpeg_of_many,
    jpeg_of_passes,
    picture,
    pixels,
    png,
    png_of_many,
    tiff_of_strips,
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
        (jpeg_of_passes(120), "passes"),
        (gif_of_many(b"!\xfe\1a\0"), "blocks"),
        (gif_of_many(b"\1", before=False), "blocks"),
        (bmp(b"\1\2" * 1_500_000, 9, 9, 1), "run-length"),
        (bmp(b"\1\2", 7_000, 7_000, 2), "run-length"),
        (tiff_of_strips(150_000), "values"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_too_many_parts_are_named(data: bytes, told: str) -> None:
    assert told in why_too_intricate(data)


def test_a_bmp_without_runs_may_be_as_large_as_any() -> None:
    assert why_too_intricate(bmp(bytes(3_000_000), 2_000, 1_500)) == ""


@given(st.sampled_from(FORMATS), st.binary(max_size=60), st.integers(0, 300))
def test_whatever_follows_a_signature_is_judged(file_format: str, noise: bytes, at: int) -> None:
    whole = picture(1, file_format)
    assert isinstance(why_too_intricate(whole[:at] + noise + whole[at + len(noise) :]), str)
    assert isinstance(why_too_intricate(whole[:8] + noise), str)
