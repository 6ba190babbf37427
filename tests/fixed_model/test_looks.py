"""What reading leaves to look at: a thumbnail of our own, and small grey pixels to compare by."""

import io
import random
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import load_file

from fixed_model.images import Pixels, decode
from fixed_model.looks import GREY, THUMBNAIL, look_of, thumbnails_of
from tests.fixed_model.archives import manifest, outcome_of, request, small_dataset, zipped
from tests.fixed_model.conftest import Judge
from tests.fixed_model.pictures import encoded, grey_png, noise, rgb


def thumbnail(pixels: Pixels) -> bytes:
    return thumbnails_of([look_of(pixels).small])[0]


def opened(jpeg: bytes) -> Image.Image:
    return Image.open(io.BytesIO(jpeg))


@pytest.mark.parametrize(
    ("size", "shown"), [((96, 96), (96, 96)), ((97, 40), (49, 20)), ((1260, 616), (90, 44)), ((5, 3), (5, 3))]
)
def test_a_thumbnail_is_reduced_by_a_whole_number_and_never_enlarged(
    size: tuple[int, int], shown: tuple[int, int]
) -> None:
    picture = opened(thumbnail(noise(size[1], size[0], 1)))
    assert (picture.format, picture.size, picture.mode) == ("JPEG", shown, "L")
    assert max(picture.size) <= THUMBNAIL


def test_a_thumbnail_of_a_coloured_image_is_coloured() -> None:
    assert opened(thumbnail(noise(20, 20, 3))).mode == "RGB"


def test_a_thumbnail_holds_nothing_that_the_file_held() -> None:
    data = encoded(rgb(), "JPEG", comment=b"my telephone number")
    assert b"telephone" in data
    assert b"telephone" not in thumbnail(decode(data, 10**6).pixels)


def test_what_is_compared_is_the_mean_of_each_part_of_the_picture() -> None:
    pixels = np.kron(np.arange(256, dtype=np.uint8).reshape(16, 16), np.ones((4, 4), np.uint8))[..., None]
    assert look_of(pixels).grey == bytes(range(256))


def test_both_files_have_a_row_for_each_of_the_manifest(judge: Judge, tmp_path: Path) -> None:
    files = small_dataset(each=5)
    judge(files)
    rows = manifest(tmp_path / "out")
    greys = load_file(tmp_path / "out" / "looks.safetensors")["grey"]
    thumbnails = load_file(tmp_path / "out" / "thumbnails.safetensors")
    assert (greys.dtype, greys.shape) == (np.uint8, (len(rows), GREY, GREY))
    start = 0
    for row, grey, end in zip(rows, greys, thumbnails["ends"].tolist(), strict=True):
        pixels = decode(files[row["path"]], 10**6).pixels
        assert grey.tobytes() == look_of(pixels).grey
        assert thumbnails["jpeg"][start:end].tobytes() == thumbnail(pixels)
        start = end
    assert start == len(thumbnails["jpeg"])


def test_the_order_and_the_compression_of_the_zip_change_no_byte_of_what_is_kept(tmp_path: Path) -> None:
    files = list(small_dataset(each=4).items())
    first = zipped(tmp_path / "first.zip", dict(files))
    random.Random(1).shuffle(files)
    second = zipped(tmp_path / "second.zip", dict(files), zipfile.ZIP_STORED)
    said = [outcome_of(archive, tmp_path / archive.stem) for archive in (first, second)]
    assert said[0] == said[1]
    for name in ("pack.safetensors", "manifest.json", "looks.safetensors", "thumbnails.safetensors", "sheet.png"):
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes(), name


def test_of_hidden_images_there_are_no_thumbnails(judge: Judge, tmp_path: Path) -> None:
    judge({f"{number:04d}": grey_png(number) for number in range(3)}, request("flat", ()))
    assert (tmp_path / "out" / "looks.safetensors").exists()
    assert not (tmp_path / "out" / "thumbnails.safetensors").exists()
