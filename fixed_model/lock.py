"""recipes.lock: what the rest of the world needs to know of each recipe, as data that anyone can read without torch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fixed_model.cost import gflop_eval_image, gflop_train_image
from fixed_model.digest import recipe_digest
from fixed_model.recipe import RECIPES, Recipe

LOCK = Path(__file__).with_name("recipes.lock")


class UnlockedError(Exception):
    """The code that would run is not the code that was locked: an installation is broken, or the lock is stale."""


def render() -> str:
    """The text that the lock should have."""
    recipes = {name: entry(recipe) for name, recipe in sorted(RECIPES.items())}
    return json.dumps({"format": 1, "recipes": recipes}, indent=2) + "\n"


def entry(recipe: Recipe) -> dict[str, Any]:
    """One recipe's line."""
    return {
        "digest": recipe_digest(recipe),
        "input_size": recipe.input_size,
        "epochs": recipe.epochs,
        "batch": recipe.batch,
        "gflop_train_image": gflop_train_image(recipe),
        "gflop_eval_image": gflop_eval_image(recipe),
    }


def locked_digest(recipe: Recipe) -> str:
    """The recipe's digest, after checking that code and lock agree."""
    locked = json.loads(LOCK.read_text(encoding="utf-8"))["recipes"]
    digest = recipe_digest(recipe)
    if locked.get(recipe.name, {}).get("digest") != digest:
        raise UnlockedError(f"{recipe.name}: the code has the digest {digest}, recipes.lock another")
    return digest
