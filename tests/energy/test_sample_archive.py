"""Archives for calibration are what a participant's would be, of exactly the size asked for."""

import io
import random
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

from fixpoint.datasets.archive import ArchiveRules, inspect
from fixpoint.energy.sample_archive import scan, write_flat, write_splits


def test_a_scan_is_a_grey_png_that_decodes_to_its_size() -> None:
    image = Image.open(io.BytesIO(scan(50, random.Random(1))))
    image.load()
    assert (image.size, image.mode, image.format) == ((50, 50), "L", "PNG")


def test_a_scan_is_white_paper_with_specks() -> None:
    pixels = np.asarray(Image.open(io.BytesIO(scan(200, random.Random(1)))))
    assert 0.98 < (pixels == 255).mean() < 1


def test_no_two_scans_are_the_same(tmp_path: Path) -> None:
    write_flat(tmp_path / "flat.zip", images=20, side=30, seed=1)
    with zipfile.ZipFile(tmp_path / "flat.zip") as archive:
        assert len({archive.read(name) for name in archive.namelist()}) == 20
        assert archive.namelist() == [f"{number:06d}" for number in range(1, 21)]


def test_a_dataset_has_the_images_asked_for_and_passes_inspection(tmp_path: Path) -> None:
    classes = ("i", "ii", "iii")
    assert write_splits(tmp_path / "data.zip", train=30, side=20, classes=classes, seed=1) == (30, 6)
    found = inspect(tmp_path / "data.zip", ArchiveRules(classes=classes))
    assert found.is_clean
    assert found.images == 36


def test_every_class_stands_in_val_however_few_images_there_are(tmp_path: Path) -> None:
    classes = tuple("abcdefgh")
    assert write_splits(tmp_path / "data.zip", train=8, side=20, classes=classes, seed=1) == (8, 8)
    assert inspect(tmp_path / "data.zip", ArchiveRules(classes=classes)).is_clean


def test_the_same_seed_draws_the_same_scan() -> None:
    assert scan(40, random.Random(3)) == scan(40, random.Random(3))
