"""The same pixels and weights give the same logits in Keras and in fixed_model."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tests.keras import ours
from tests.keras.conftest import Ask, drawn_batches, for_keras
from tests.keras.measuring import assert_within

pytestmark = pytest.mark.keras
BOUND = 1e-4


@pytest.mark.parametrize("keras", [2, 3])
def test_logits_of_drawn_images_are_equal(ask: Ask, weights: ours.Weights, keras: int) -> None:
    images = drawn_batches(1, 64, seed=0)[0][0]
    theirs = ask("logits", {"images": images, **for_keras(weights)}, keras=keras)["logits"]
    assert np.abs(theirs).max() > 1
    assert_within("logits", ours.eval_logits(weights, images), theirs, BOUND)


@pytest.mark.data
@pytest.mark.parametrize("archive", ["original.zip", "entry-mixed-modes.zip"])
def test_logits_of_real_images_are_equal(
    ask: Ask, weights: ours.Weights, pictures: Callable[[str, int], list[bytes]], archive: str
) -> None:
    images = np.stack([ours.resized(ours.decoded(data)) for data in pictures(archive, 100)])
    theirs = ask("logits", {"images": images, **for_keras(weights)})["logits"]
    assert np.abs(theirs).max() > 1
    assert_within("logits", ours.eval_logits(weights, images), theirs, BOUND)


@pytest.mark.data
def test_from_the_files_bytes_to_the_logits_both_go_the_same_way(
    ask: Ask, weights: ours.Weights, pictures: Callable[[str, int], list[bytes]]
) -> None:
    files = {str(number): data for number, data in enumerate(pictures("entry-mixed-modes.zip", 200))}
    decoded = ask("decode", {name: np.frombuffer(data, np.uint8) for name, data in files.items()})
    resized = ask("resize", decoded)
    images = np.stack([resized[name] for name in files])
    theirs = ask("logits", {"images": images, **for_keras(weights)})["logits"]
    mine = np.stack([ours.resized(ours.decoded(data)) for data in files.values()])
    assert_within("logits", ours.eval_logits(weights, mine), theirs, BOUND)
