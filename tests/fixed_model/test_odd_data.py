"""Any pack at all: trained to weights that are numbers, or refused by code and sentence; never a crash or a hang."""

import json
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file

from fixed_model import run as running
from fixed_model.commands import train
from fixed_model.pack import EmptySplitError, read_pack
from fixed_model.recipe import DCAI2021
from fixed_model.run import Asked, run
from tests.fixed_model.packs import Arrays, contents, packed, said, stage

Change = Callable[[Arrays], Arrays]


def trained(tmp_path: Path, pack: Path, **asked: Any) -> dict[str, Any]:
    train.main(stage(pack, tmp_path / "out", **asked)[1:])
    return said(tmp_path / "out")


def all_numbers(path: Path) -> bool:
    return all(bool(np.isfinite(array).all()) for array in load_file(path).values())


def filled(value: float) -> Arrays:
    arrays = contents()
    arrays["images"][:] = value
    return arrays


@pytest.mark.parametrize(
    ("arrays", "classes"),
    [
        (contents(9, 4, classes=2), 3),
        (contents(9, 4, classes=1), 10),
        (contents(3, 3, classes=3), 3),
        (contents(1, 1), 2),
        (contents(1, 9), 2),
        (contents(9, 1), 2),
        (contents(9, 4, classes=1), 1),
        (contents(250, 200, classes=200), 200),
        (filled(0), 2),
        (filled(255), 2),
        (filled(97.5), 2),
        (contents(9, 4, channels=3), 2),
        (contents(17, 4), 2),
    ],
    ids=[
        "an empty class",
        "nine empty classes",
        "one image a class",
        "one image in either split",
        "train of one image",
        "val of one image",
        "a single class",
        "two hundred classes",
        "all black",
        "all white",
        "all equal",
        "colour",
        "a last batch of one image",
    ],
)
def test_odd_data_are_trained_to_weights_that_are_numbers(tmp_path: Path, arrays: Arrays, classes: int) -> None:
    outcome = trained(tmp_path, packed(tmp_path / "pack", arrays), classes=classes)
    assert outcome["outcome"] == "done", outcome
    assert all_numbers(tmp_path / "out" / "weights.safetensors")
    assert all_numbers(tmp_path / "out" / "dynamics.safetensors")
    assert len((tmp_path / "out" / "progress.jsonl").read_text().splitlines()) == 5


def test_ten_thousand_images_of_one_class_are_trained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    once = replace(DCAI2021, name="once", epochs=1)
    monkeypatch.setattr(running, "locked_digest", lambda _recipe: "of no lock")
    pack = packed(tmp_path, contents(10_000, 2, classes=1))
    facts = run(Asked(once, [0], 1, 10), pack, tmp_path, "cpu")
    assert facts["train_images"] == 10_000
    assert facts["best_val_accuracy"] == 1.0
    assert all_numbers(tmp_path / "weights.safetensors")


def put(name: str, place: Any, value: Any) -> Change:
    def put(arrays: Arrays) -> Arrays:
        arrays[name][place] = value
        return arrays

    return put


def swap(name: str, array: Any) -> Change:
    return lambda arrays: arrays | {name: array}


def without(name: str) -> Change:
    return lambda arrays: {key: array for key, array in arrays.items() if key != name}


REFUSED: dict[str, Change] = {
    "a NaN in train": put("images", (0, 0, 31, 31), np.nan),
    "a NaN in val": put("images", (12, 0, 0, 0), np.nan),
    "infinity": put("images", (3, 0, 5, 5), np.inf),
    "minus infinity": put("images", (3, 0, 5, 5), -np.inf),
    "above 255": put("images", (3, 0, 5, 5), 255.1),
    "below 0": put("images", (3, 0, 5, 5), -0.1),
    "a label too large": put("labels", 0, 2),
    "a negative label": put("labels", 12, -1),
    "a third split": put("split", 0, 2),
    "two channels": lambda _arrays: contents(channels=2),
    "four channels": lambda _arrays: contents(channels=4),
    "no channel": swap("images", np.zeros((13, 0, 32, 32), np.float32)),
    "another size": swap("images", np.zeros((13, 1, 32, 31), np.float32)),
    "three dimensions": swap("images", np.zeros((13, 32, 32), np.float32)),
    "doubles": swap("images", np.zeros((13, 1, 32, 32), np.float64)),
    "bytes": swap("images", np.zeros((13, 1, 32, 32), np.uint8)),
    "too few labels": swap("labels", np.zeros(12, np.int64)),
    "narrow labels": swap("labels", np.zeros(13, np.int32)),
    "labels in columns": swap("labels", np.zeros((13, 1), np.int64)),
    "a signed split": swap("split", np.zeros(13, np.int64)),
    "no images": without("images"),
    "no labels": without("labels"),
    "no split": without("split"),
}


def failure(tmp_path: Path, pack: Path) -> str:
    outcome = trained(tmp_path, pack)
    assert outcome["outcome"] == "failed"
    assert outcome["detail"].endswith(".")
    assert not (tmp_path / "out" / "weights.safetensors").exists()
    return str(outcome["code"])


@pytest.mark.parametrize("change", REFUSED.values(), ids=REFUSED)
def test_a_pack_that_ingest_never_writes_is_refused(tmp_path: Path, change: Change) -> None:
    assert failure(tmp_path, packed(tmp_path / "pack", change(contents()))) == "bad-pack"


@pytest.mark.parametrize(("train_images", "val_images"), [(0, 4), (4, 0), (0, 0)])
def test_a_split_without_images_is_named(tmp_path: Path, train_images: int, val_images: int) -> None:
    pack = packed(tmp_path / "pack", contents(train_images, val_images))
    assert failure(tmp_path, pack) == "empty-split"
    with pytest.raises(EmptySplitError, match="train" if not train_images else "val"):
        read_pack(pack, DCAI2021, 2)


def headed(header: object, data: bytes = b"", length: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def tensor(shape: list[int], ends: list[int], dtype: str = "F32") -> dict[str, Any]:
    return {"images": {"dtype": dtype, "shape": shape, "data_offsets": ends}}


NO_PACKS: dict[str, bytes] = {
    "empty": b"",
    "text": b"this is no pack at all",
    "no header": headed(b""),
    "a header longer than the file": headed({}, length=2**40),
    "a header longer than anything": headed({}, length=2**64 - 1),
    "no JSON": headed(b"{{{{"),
    "deep JSON": headed(b"[" * 100_000),
    "a list": headed([]),
    "no tensors": headed({}),
    "data beyond the end": headed(tensor([1, 1, 32, 32], [0, 4096])),
    "data before the start": headed(tensor([1, 1, 32, 32], [-4096, 0]), bytes(4096)),
    "ends turned round": headed(tensor([1, 1, 32, 32], [4096, 0]), bytes(4096)),
    "more shape than data": headed(tensor([2, 1, 32, 32], [0, 4096]), bytes(4096)),
    "a shape that overflows": headed(tensor([2**32, 2**32, 32, 32], [0, 4096]), bytes(4096)),
    "a type that is none": headed(tensor([1, 1, 32, 32], [0, 4096], "F31"), bytes(4096)),
    "data that nobody names": headed(tensor([1, 1, 32, 32], [0, 4096]), bytes(9000)),
}


@pytest.mark.parametrize("data", NO_PACKS.values(), ids=NO_PACKS)
def test_a_file_that_is_no_pack_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "pack").write_bytes(data)
    assert failure(tmp_path, tmp_path / "pack") == "bad-pack"


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_a_pack_that_was_cut_off_is_refused(tmp_path: Path, share: float) -> None:
    pack = packed(tmp_path / "pack")
    pack.write_bytes(pack.read_bytes()[: int(pack.stat().st_size * share)])
    assert failure(tmp_path, pack) == "bad-pack"


def test_a_folder_or_nothing_in_the_packs_place_is_refused(tmp_path: Path) -> None:
    assert failure(tmp_path, tmp_path) == "bad-pack"
    assert failure(tmp_path, tmp_path / "nowhere") == "bad-pack"
