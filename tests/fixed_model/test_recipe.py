"""The published numbers, and that nobody can bend them at run time."""

from dataclasses import FrozenInstanceError, asdict

import pytest

from fixed_model.recipe import DCAI2021, DCAI2021_QUICK, RECIPES


def test_the_recipe_of_2021_has_its_published_numbers() -> None:
    assert asdict(DCAI2021) == {
        "name": "resnet50-dcai2021",
        "input_size": 32,
        "blocks": (3,),
        "stem_width": 64,
        "expansion": 4,
        "bgr_means": (103.939, 116.779, 123.68),
        "batch_norm_eps": 1.001e-5,
        "batch_norm_momentum": 0.01,
        "learning_rate": 1e-4,
        "adam_betas": (0.9, 0.999),
        "adam_eps": 1e-7,
        "epochs": 100,
        "batch": 8,
        "eval_batch": 16,
    }


def test_the_quick_recipe_differs_in_name_and_epochs_alone() -> None:
    full, quick = asdict(DCAI2021), asdict(DCAI2021_QUICK)
    assert {name for name in full if full[name] != quick[name]} == {"name", "epochs"}
    assert quick["epochs"] == 5


@pytest.mark.parametrize("side", [64, 224])
def test_the_whole_resnet50_is_published_for_two_sizes(side: int) -> None:
    full = asdict(RECIPES[f"resnet50-full-{side}"])
    changed = {"name", "input_size", "blocks", "epochs", "batch", "eval_batch"}
    assert {name for name, value in asdict(DCAI2021).items() if full[name] != value} == changed
    assert (full["input_size"], full["blocks"]) == (side, (3, 4, 6, 3))


def test_a_recipe_cannot_be_changed_while_it_runs() -> None:
    with pytest.raises(FrozenInstanceError):
        DCAI2021.epochs = 1  # type: ignore[misc]


def test_recipes_are_found_by_the_name_they_carry() -> None:
    assert all(name == recipe.name for name, recipe in RECIPES.items())
    assert {"resnet50-dcai2021", "resnet50-dcai2021-quick"} <= RECIPES.keys()
