"""recipes.lock: what the rest of the world needs to know of each recipe, as data that anyone can read without torch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fixed_model.cost import gflop_eval_image, gflop_train_image
from fixed_model.digest import recipe_digest
from fixed_model.recipe import RECIPES, Recipe

LOCK = Path(__file__).with_name("recipes.lock")
FORMAT = 2
RETIRED = {
    digest: {
        "recipe": name,
        "reason": "The training was rewritten to run faster: the same arithmetic in another order, so other bits.",
        "retired_on": "2026-11-22",
    }
    for digest, name in (
        ("3ab8a56a4aba23c08cf5e7e9c4dd74f6f682d9e436e6b8ef38b6cc6e1fb3412c", "resnet50-dcai2021"),
        ("829b3d38b34e49c375967eabb6e589543eb33bc66388c45a8be3ac3c19c131c3", "resnet50-dcai2021-quick"),
        ("92496137e823e606eb7804d7ce04974a887b55c418f7afb75fe4f2b60a352210", "resnet50-dcai2021"),
        ("aff26e742fdeca1c6bdb7713bd583f950613e45040c837c3fd66dd9369e2f864", "resnet50-dcai2021-quick"),
        ("119a5ed112ac989dd41ca78ed7634e6079d055eadfc4132539e7c97af475a987", "resnet50-full-224"),
        ("1285503df8ffaa3c3a5191a8360c3f11c34a27447585166b6bd1db46475495f5", "resnet50-full-64"),
    )
}
"""Digests that this code cannot run any more. Their scores stand; no new entry is trained under them."""


class UnlockedError(Exception):
    """The code that would run is not the code that was locked: an installation is broken, or the lock is stale."""


def render() -> str:
    """The text that the lock should have."""
    recipes = {name: entry(recipe) for name, recipe in sorted(RECIPES.items())}
    return json.dumps({"format": FORMAT, "recipes": recipes, "retired": RETIRED}, indent=2) + "\n"


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
