"""Prediction: torchvision's logits, whatever the batches."""

from dataclasses import replace

import pytest
import torch

from fixed_model.predict import Folded, predict
from fixed_model.recipe import DCAI2021, Recipe
from tests.fixed_model.references import ODD, WHOLE, pair, some_images


@pytest.mark.parametrize("recipe", [DCAI2021, ODD, WHOLE], ids=lambda recipe: recipe.name)
def test_its_logits_equal_torchvisions(recipe: Recipe) -> None:
    weights, theirs = pair(recipe)
    images = some_images(5, recipe.input_size)
    with torch.no_grad():
        assert torch.allclose(predict(weights, images, recipe), theirs.eval()(images), rtol=1e-4, atol=1e-4)


def test_it_does_not_depend_on_how_rows_are_batched() -> None:
    weights, _ = pair(DCAI2021)
    images = some_images(10, 32)
    apart = predict(weights, images, replace(DCAI2021, eval_batch=3))
    assert torch.allclose(predict(weights, images, DCAI2021), apart, atol=1e-4)


def test_grey_images_give_the_bits_of_their_rgb_copies() -> None:
    weights, _ = pair(DCAI2021)
    grey = some_images(10, 32, channels=1)
    assert torch.equal(predict(weights, grey, DCAI2021), predict(weights, grey.repeat(1, 1, 1, 3), DCAI2021))


def test_it_moves_no_weight() -> None:
    weights, _ = pair(DCAI2021)
    before = weights.state()
    predict(weights, some_images(3, 32), DCAI2021)
    assert all(torch.equal(before[name], tensor) for name, tensor in weights.state().items())


def test_logits_are_the_head_over_the_features() -> None:
    weights, _ = pair(DCAI2021)
    images = some_images(6, 32)
    with torch.inference_mode():
        folded = Folded(weights, DCAI2021)
        features = folded.features(images)
        assert features.shape == (6, 256)
        assert torch.equal(folded.logits(features), predict(weights, images, DCAI2021))
