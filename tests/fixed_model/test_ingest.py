"""An accepted archive: pack, manifest, sheet and outcome, the same however the zip was made."""

import hashlib
import random
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from safetensors.numpy import load_file

from fixed_model.images import decode, resize
from fixed_model.quick import digest_of
from tests.fixed_model.archives import CLASSES, manifest, outcome_of, request, small_dataset, zipped
from tests.fixed_model.conftest import Judge
from tests.fixed_model.pictures import encoded, grey_png, rgb


def pack(out: Path) -> dict[str, NDArray[Any]]:
    return load_file(out / "pack.safetensors")


def test_a_good_archive_is_done_with_its_counts(judge: Judge) -> None:
    outcome = judge(small_dataset("v0/") | {"v0/.DS_Store": b"x", "__MACOSX/v0/._x": b"y"})
    assert outcome["outcome"] == "done"
    assert outcome["format"] == 1
    assert outcome["counts"] == {"train": {"i": 2, "v": 2}, "val": {"i": 2, "v": 2}}
    assert (outcome["images"], outcome["clutter"]) == (8, 2)
    assert outcome["decoded_megapixels"] == 8 * 144 / 1e6
    assert outcome["findings"] == []
    assert outcome["finding_counts"] == {}


def test_the_pack_holds_resized_pixels_labels_splits_and_hashes(judge: Judge, tmp_path: Path) -> None:
    files = small_dataset()
    judge(files)
    tensors, rows = pack(tmp_path / "out"), manifest(tmp_path / "out")
    assert {name: (str(t.dtype), t.shape) for name, t in tensors.items()} == {
        "images": ("float32", (8, 1, 32, 32)),
        "labels": ("int64", (8,)),
        "split": ("uint8", (8,)),
        "sha256": ("uint8", (8, 32)),
    }
    for at, row in enumerate(rows):
        data = files[row["path"]]
        assert tensors["sha256"][at].tobytes() == hashlib.sha256(data).digest()
        assert np.array_equal(tensors["images"][at], resize(decode(data, 10**6).pixels, 32))
        assert CLASSES[tensors["labels"][at]] == row["class"] == row["path"].split("/")[1]
        assert ("train", "val")[tensors["split"][at]] == row["split"] == row["path"].split("/")[0]


def test_rows_are_sorted_by_split_content_and_label(judge: Judge, tmp_path: Path) -> None:
    judge(small_dataset(each=6))
    tensors = pack(tmp_path / "out")
    keys = list(zip(tensors["split"], (s.tobytes() for s in tensors["sha256"]), tensors["labels"], strict=True))
    assert keys == sorted(keys)


def test_the_manifest_says_what_the_files_said(judge: Judge, tmp_path: Path) -> None:
    picture = rgb(11, 17)
    judge(small_dataset() | {"val/i/colour.bmp": encoded(picture, "BMP")})
    row = next(row for row in manifest(tmp_path / "out") if row["path"] == "val/i/colour.bmp")
    data = encoded(picture, "BMP")
    assert row == {
        "path": "val/i/colour.bmp",
        "split": "val",
        "class": "i",
        "sha256": hashlib.sha256(data).hexdigest(),
        "pixels_blake3": digest_of(decode(data, 10**6).pixels),
        "bytes": len(data),
        "width": 17,
        "height": 11,
        "mode": "RGB",
        "format": "BMP",
    }


def test_one_coloured_image_gives_the_pack_three_channels(judge: Judge, tmp_path: Path) -> None:
    judge(small_dataset() | {"train/i/colour.png": encoded(rgb())})
    images = pack(tmp_path / "out")["images"]
    assert images.shape == (9, 3, 32, 32)
    assert sum((image[0] == image[1]).all() for image in images) == 8


def test_labels_follow_the_requests_order_and_not_the_alphabets(judge: Judge, tmp_path: Path) -> None:
    judge(small_dataset(), request(classes=("v", "i")))
    tensors, rows = pack(tmp_path / "out"), manifest(tmp_path / "out")
    assert [("v", "i")[label] for label in tensors["labels"]] == [row["class"] for row in rows]


def test_order_compression_root_and_clutter_of_the_zip_change_nothing_that_is_trained_on(tmp_path: Path) -> None:
    files = small_dataset(each=5)
    shuffled = list(files.items())
    random.Random(0).shuffle(shuffled)
    moved = {"top/" + name: data for name, data in shuffled} | {"top/Thumbs.db": b"x"}
    one = outcome_of(zipped(tmp_path / "a.zip", files), tmp_path / "a")
    two = outcome_of(zipped(tmp_path / "b.zip", moved, zipfile.ZIP_STORED), tmp_path / "b")
    assert one["dataset_digest"] == two["dataset_digest"]
    assert one["pack_digest"] == two["pack_digest"]
    assert (tmp_path / "a/pack.safetensors").read_bytes() == (tmp_path / "b/pack.safetensors").read_bytes()
    assert (tmp_path / "a/sheet.png").read_bytes() == (tmp_path / "b/sheet.png").read_bytes()


def test_the_digests_are_what_the_formats_say(judge: Judge, tmp_path: Path) -> None:
    files = small_dataset()
    outcome = judge(files)
    lines = sorted(
        f"{'/'.join(name.split('/')[:2])}/{hashlib.sha256(data).hexdigest()}" for name, data in files.items()
    )
    assert outcome["dataset_digest"] == hashlib.sha256("\n".join(lines).encode()).hexdigest()
    packed = (tmp_path / "out" / "pack.safetensors").read_bytes()
    assert outcome["pack_digest"] == hashlib.sha256(packed).hexdigest()


def test_another_label_is_another_dataset(tmp_path: Path) -> None:
    files = small_dataset()
    moved = dict(files)
    moved["train/v/moved.png"] = moved.pop("train/i/0.png")
    one = outcome_of(zipped(tmp_path / "a.zip", files), tmp_path / "a")
    two = outcome_of(zipped(tmp_path / "b.zip", moved), tmp_path / "b")
    assert one["dataset_digest"] != two["dataset_digest"]


def test_the_same_file_twice_is_two_rows(judge: Judge, tmp_path: Path) -> None:
    twin = {"train/i/again.png": grey_png(0), "val/v/leaked.png": grey_png(0)}
    assert judge(small_dataset() | twin)["images"] == 10
    assert len(manifest(tmp_path / "out")) == 10


def test_an_image_of_several_frames_is_accepted_with_a_finding(judge: Judge) -> None:
    frames = [Image.new("L", (8, 8), shade) for shade in (0, 255)]
    moving = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    outcome = judge(small_dataset() | {"train/i/moving.gif": moving})
    assert outcome["outcome"] == "done"
    assert [(finding["rule"], finding["path"]) for finding in outcome["findings"]] == [
        ("extra-frames", "train/i/moving.gif")
    ]
    assert outcome["finding_counts"] == {"extra-frames": 1}


def test_the_sheet_has_a_row_a_class_and_shows_train_first(judge: Judge, tmp_path: Path) -> None:
    files = small_dataset(each=1) | {"train/v/white.png": encoded(Image.new("L", (9, 9), 255))}
    outcome = judge(files)
    assert (outcome["sheet_cell"], outcome["sheet_columns"], outcome["sheet_rows"]) == (48, 3, 2)
    with Image.open(tmp_path / "out" / "sheet.png") as sheet:
        assert sheet.size == (3 * 48, 2 * 48)
        cells = [sheet.getpixel((48 * column + 24, 72)) for column in range(3)]
    assert (255, 255, 255) in cells[:2]


def test_a_label_book_counts_under_no_split(judge: Judge, tmp_path: Path) -> None:
    outcome = judge({"book/i/1.png": grey_png(1), "book/v/2.png": grey_png(2)}, request("classes"))
    assert outcome["counts"] == {"": {"i": 1, "v": 1}}
    assert pack(tmp_path / "out").keys() == {"images", "labels", "sha256"}
    assert {(row["split"], row["class"]) for row in manifest(tmp_path / "out")} == {("", "i"), ("", "v")}
    assert (tmp_path / "out" / "sheet.png").exists()


def test_hidden_images_are_packed_in_the_order_of_their_names_and_say_nothing_of_classes(
    judge: Judge, tmp_path: Path
) -> None:
    files = {f"{number:04d}.png": grey_png(number) for number in (3, 1, 2, 10)}
    outcome = judge(files, request("flat", ()))
    assert outcome["counts"] == {}
    assert pack(tmp_path / "out").keys() == {"images", "sha256"}
    rows = manifest(tmp_path / "out")
    assert [row["path"] for row in rows] == sorted(files)
    assert {(row["split"], row["class"]) for row in rows} == {("", "")}
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "looks.safetensors",
        "manifest.json",
        "outcome.json",
        "pack.safetensors",
    ]
