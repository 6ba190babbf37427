"""Tensors of one seed and of several in a file: written, read back, and named by nothing but what was written."""

import hashlib
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load
from torch import Tensor

from fixed_model.stores import by_seed, digest, store

ONE = {"fc.weight": torch.arange(6.0).view(2, 3), "bn1.bias": torch.zeros(3)}
TWO = {"fc.weight": torch.ones(2, 3), "bn1.bias": torch.full((3,), 2.0)}


def equal(tensors: dict[str, Tensor], others: dict[str, Tensor]) -> bool:
    return tensors.keys() == others.keys() and all(torch.equal(tensors[name], others[name]) for name in tensors)


def test_one_seed_is_stored_under_plain_names() -> None:
    assert equal(load(store({5: ONE})), ONE)


def test_several_seeds_are_stored_under_their_numbers() -> None:
    names = {f"seed-{seed}/{name}" for seed in (0, 12) for name in ONE}
    assert load(store({0: ONE, 12: TWO})).keys() == names


def test_what_was_stored_of_several_seeds_comes_back_by_seed() -> None:
    back = by_seed(load(store({3: ONE, 0: TWO})))
    assert back.keys() == {3, 0}
    assert equal(back[3], ONE)
    assert equal(back[0], TWO)


def test_what_was_stored_of_one_seed_comes_back_as_seed_0() -> None:
    back = by_seed(load(store({7: ONE})))
    assert back.keys() == {0}
    assert equal(back[0], ONE)


def test_a_seeds_digest_is_that_of_its_file_alone() -> None:
    assert digest(ONE) == hashlib.sha256(store({9: ONE})).hexdigest()


def test_a_seeds_digest_is_the_same_once_it_was_stored_with_others() -> None:
    assert digest(by_seed(load(store({1: ONE, 2: TWO})))[1]) == digest(ONE)


def test_the_order_of_names_and_of_memory_means_nothing() -> None:
    turned = {name: ONE[name] for name in reversed(ONE)} | {"fc.weight": ONE["fc.weight"].t().contiguous().t()}
    assert not turned["fc.weight"].is_contiguous()
    assert store({0: turned}) == store({0: ONE})


def test_a_file_carries_no_metadata(tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    path.write_bytes(store({0: ONE, 1: TWO}))
    with safe_open(path, "pt") as opened:
        assert not opened.metadata()


def test_nothing_stored_is_nothing_found() -> None:
    assert by_seed({}) == {}


@pytest.mark.parametrize(
    "name",
    [
        "seed-/a",
        "seed--1/a",
        "seed-1_0/a",
        "seed-01/a",
        "seed-٣/a",
        "seed- 1/a",
        "seed-1.5/a",
        "seed-1/",
        "seed-1/a/b",
        "7/a",
        "/a",
        "a/",
        "../../etc/passwd",
        "Seed-1/a",
        "seed-" + "9" * 5000 + "/a",
        "",
    ],
    ids=lambda name: name[:20] or "empty",
)
def test_a_name_that_was_never_given_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"no name of a tensor|integer string"):
        by_seed({name: torch.zeros(1)})


def test_plain_names_beside_seeds_are_refused() -> None:
    with pytest.raises(ValueError, match="beside"):
        by_seed({"a": torch.zeros(1), "seed-0/a": torch.zeros(1)})
