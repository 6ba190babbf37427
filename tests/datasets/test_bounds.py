"""What the largest datasets cost that anybody may hand in, whatever their pictures are."""

import time
import tracemalloc

import numpy as np
import pytest

from fixpoint.datasets.comparison import comparison
from fixpoint.datasets.likeness import Greys, directions
from fixpoint.datasets.manifest import Image
from fixpoint.datasets.precheck.copies import near_copies

MOST = 10_000


def drawn(count: int, seed: int) -> Greys:
    return np.random.default_rng(seed).integers(0, 256, (count, 256)).astype(np.uint8)


def versions(count: int) -> Greys:
    """So many pictures that are all nearly the same."""
    return (drawn(1, 0) // 2 + drawn(count, 1) // 16).astype(np.uint8)


def images_of(count: int, side: str, names: int) -> list[Image]:
    """In both splits and two classes, with so many file names; all of them different pictures."""
    return [
        Image.model_validate({
            "path": f"{number % names}.png", "split": ("train", "val")[number % 2], "class": str(number // 2 % 2),
            "sha256": f"{side}{number}", "pixels_sha256": f"{side}{number}",
            "bytes": 1, "width": 32, "height": 32, "mode": "L", "format": "PNG",
        })
        for number in range(count)
    ]  # fmt: skip


def test_versions_of_one_picture_take_the_memory_of_a_block_and_not_of_every_pair() -> None:
    images, vectors = images_of(2_000, "a", 2_000), directions(versions(2_000))
    tracemalloc.start()
    try:
        found = near_copies(images, vectors)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [sum(map(len, found[kind])) for kind in found] == [2_000] * 3
    assert peak < 24 * 2**20


def test_versions_of_one_picture_take_little_longer_than_as_many_strangers() -> None:
    images = images_of(3_000, "a", 3_000)
    strangers, alike = (seconds(near_copies, images, directions(each)) for each in (drawn(3_000, 2), versions(3_000)))
    assert alike < 5 * strangers


@pytest.mark.parametrize("names", [1, MOST // 20])
def test_two_of_the_largest_datasets_whose_files_share_names_are_compared_within_a_request(names: int) -> None:
    before, after = images_of(MOST, "a", names), images_of(MOST, "b", names)
    assert seconds(comparison, before, after, drawn(MOST, 3), drawn(MOST, 4)) < 4


def seconds(work: object, *arguments: object) -> float:
    """Of this process' own time, the least of three: what else runs on the machine counts little, and only adds."""
    assert callable(work)
    took = []
    for _ in range(3):
        begun = time.process_time()
        work(*arguments)
        took.append(time.process_time() - begun)
    return min(took)
