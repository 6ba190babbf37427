"""The arithmetic that standardised emissions are counted from, against torch's own counter."""

from dataclasses import replace

import pytest
from torch.utils.flop_counter import FlopCounterMode

from fixed_model.cost import GIGA, gflop_eval_image, gflop_train_image
from fixed_model.recipe import DCAI2021, Recipe
from tests.fixed_model.references import Reference, some_images

SHAPES = [
    DCAI2021,
    replace(DCAI2021, name="odd", input_size=45),
    replace(DCAI2021, name="two-stages", input_size=64, blocks=(2, 2)),
    replace(DCAI2021, name="whole", input_size=64, blocks=(3, 4, 6, 3)),
]


def counted(recipe: Recipe, *, learning: bool) -> float:
    """GFLOP per image as torch counts them, without the head."""
    network = Reference(recipe, 1)
    images, head = some_images(4, recipe.input_size), 2 * network.whole.fc.in_features
    with FlopCounterMode(display=False) as counter:
        logits = network(images)
        if learning:
            logits.sum().backward()
    return counter.get_total_flops() / 4 / GIGA - (3 if learning else 1) * head / GIGA


@pytest.mark.parametrize("recipe", SHAPES, ids=lambda recipe: recipe.name)
def test_a_forward_pass_costs_what_torch_counts(recipe: Recipe) -> None:
    assert gflop_eval_image(recipe) == pytest.approx(counted(recipe, learning=False), rel=1e-9)


@pytest.mark.parametrize("recipe", SHAPES[:3], ids=lambda recipe: recipe.name)
def test_a_training_step_costs_what_torch_counts(recipe: Recipe) -> None:
    assert gflop_train_image(recipe) == pytest.approx(counted(recipe, learning=True), rel=1e-9)


def test_the_cost_does_not_depend_on_epochs_or_batch() -> None:
    other = replace(DCAI2021, epochs=1, batch=64)
    assert gflop_train_image(other) == gflop_train_image(DCAI2021)
