"""A pack or weights that are not what they should be are named, never trained on."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from fixed_model.pack import BadPackError, BadWeightsError, EmptySplitError, read_images, read_pack, read_weights
from fixed_model.recipe import DCAI2021
from fixed_model.stores import store
from fixed_model.weights import Weights, fresh


def good(count: int = 6, channels: int = 1) -> dict[str, Tensor]:
    """The tensors of a sound pack: even rows train, odd rows val."""
    return {
        "images": torch.arange(count).view(-1, 1, 1, 1).expand(count, channels, 32, 32).float().contiguous(),
        "labels": torch.arange(count) % 3,
        "split": (torch.arange(count) % 2).to(torch.uint8),
        "sha256": torch.zeros(count, 32, dtype=torch.uint8),
    }


def saved(path: Path, tensors: dict[str, Tensor]) -> Path:
    save_file(tensors, path / "pack.safetensors")
    return path / "pack.safetensors"


@pytest.mark.parametrize("channels", [1, 3])
def test_a_sound_pack_is_parted_by_split_in_its_order(tmp_path: Path, channels: int) -> None:
    pack = read_pack(saved(tmp_path, good(channels=channels)), DCAI2021, 3)
    assert pack.train.images.shape == (3, 32, 32, channels)
    assert pack.train.images[:, 0, 0, 0].tolist() == [0, 2, 4]
    assert pack.val.images[:, 0, 0, 0].tolist() == [1, 3, 5]
    assert pack.train.labels.tolist() == [0, 2, 1]


def with_images(change: dict[tuple[int, ...], float]) -> Tensor:
    images = good()["images"]
    for place, value in change.items():
        images[place] = value
    return images


BROKEN = {
    "nan": {"images": with_images({(2, 0, 5, 5): float("nan")})},
    "infinity": {"images": with_images({(0, 0, 0, 0): float("inf")})},
    "negative": {"images": with_images({(5, 0, 31, 31): -0.5})},
    "too bright": {"images": with_images({(1, 0, 1, 1): 255.5})},
    "another size": {"images": torch.zeros(6, 1, 64, 64)},
    "two channels": {"images": torch.zeros(6, 2, 32, 32)},
    "three dimensions": {"images": torch.zeros(6, 32, 32)},
    "bytes for floats": {"images": torch.zeros(6, 1, 32, 32, dtype=torch.uint8)},
    "too few labels": {"labels": torch.zeros(5, dtype=torch.int64)},
    "labels of another type": {"labels": torch.zeros(6, dtype=torch.int32)},
    "a label too high": {"labels": torch.tensor([0, 1, 2, 3, 0, 1])},
    "a label below zero": {"labels": torch.tensor([0, 1, 2, -1, 0, 1])},
    "a third split": {"split": torch.tensor([0, 1, 2, 0, 1, 0], dtype=torch.uint8)},
    "splits of another shape": {"split": torch.zeros(6, 1, dtype=torch.uint8)},
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN.keys())
def test_a_pack_that_does_not_match_its_schema_is_refused(tmp_path: Path, change: dict[str, Tensor]) -> None:
    with pytest.raises(BadPackError):
        read_pack(saved(tmp_path, good() | change), DCAI2021, 3)


@pytest.mark.parametrize("name", ["images", "labels", "split"])
def test_a_pack_that_lacks_a_tensor_is_refused(tmp_path: Path, name: str) -> None:
    tensors = good()
    del tensors[name]
    with pytest.raises(BadPackError, match=name):
        read_pack(saved(tmp_path, tensors), DCAI2021, 3)


@pytest.mark.parametrize("data", [b"", b"hello", b"\xff" * 100, b"\x10\0\0\0\0\0\0\0{}"])
def test_a_file_that_is_no_pack_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "pack.safetensors"
    path.write_bytes(data)
    with pytest.raises(BadPackError):
        read_pack(path, DCAI2021, 3)


@pytest.mark.parametrize(("split", "name"), [(0, "val"), (1, "train")])
def test_an_empty_split_is_named(tmp_path: Path, split: int, name: str) -> None:
    tensors = good() | {"split": torch.full((6,), split, dtype=torch.uint8)}
    with pytest.raises(EmptySplitError, match=name):
        read_pack(saved(tmp_path, tensors), DCAI2021, 3)


def test_hidden_images_need_no_labels(tmp_path: Path) -> None:
    assert read_images(saved(tmp_path, {"images": good()["images"]}), DCAI2021).shape == (6, 32, 32, 1)


CPU = torch.device("cpu")


def read(path: Path) -> list[Weights]:
    return list(read_weights(path, DCAI2021, CPU))


def test_weights_of_several_seeds_come_back_as_they_were_in_the_order_of_the_seeds(tmp_path: Path) -> None:
    states = {seed: fresh(DCAI2021, 4, seed, CPU).state() for seed in (10, 2)}
    path = tmp_path / "weights.safetensors"
    path.write_bytes(store(states))
    found = read(path)
    for weights, seed in zip(found, (2, 10), strict=True):
        assert all(torch.equal(states[seed][name], tensor) for name, tensor in weights.state().items())


@pytest.mark.parametrize("fault", ["missing", "shape", "nan", "headless", "type"])
def test_weights_that_do_not_fit_are_refused(tmp_path: Path, fault: str) -> None:
    weights = fresh(DCAI2021, 4, 0, CPU).state()
    name = "layer1.1.conv2.weight"
    if fault == "missing":
        del weights[name]
    elif fault == "headless":
        del weights["fc.bias"]
    elif fault == "nan":
        weights[name][0, 0, 0, 0] = float("nan")
    else:
        weights[name] = torch.zeros(1) if fault == "shape" else weights[name].double()
    with pytest.raises(BadWeightsError):
        read(saved(tmp_path, weights))


def test_a_file_that_holds_no_weights_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    path.write_bytes(b"nothing")
    with pytest.raises(BadWeightsError):
        read(path)
