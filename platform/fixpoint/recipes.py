"""What others must know of a locked recipe, read as text from the model's lock file: no line of the model is run."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

MODEL_PACKAGE = "fixed_model"
LOCK_NAME = "recipes.lock"
LOCK_FORMAT = 1


class UnknownRecipeError(LookupError):
    """No recipe of this name is locked; the message lists those that are."""


class RecipesLockError(RuntimeError):
    """The lock file is missing or not of the format that is read here: an installation at fault, not a person."""


@dataclass(frozen=True)
class RecipeFacts:
    """A recipe's identity, and what an image costs in it: GFLOP for one pass of learning, and for one of judging."""

    name: str
    digest: str
    input_size: int
    gflop_train_image: float
    gflop_eval_image: float
    epochs: int
    batch: int


def recipe_facts(name: str) -> RecipeFacts:
    """The facts of one recipe. Raises UnknownRecipeError."""
    recipes = _locked(lock_file())
    if name not in recipes:
        raise UnknownRecipeError(f"The recipe '{name}' is unknown; known are {', '.join(recipes)}.")
    return recipes[name]


def known_recipes() -> tuple[str, ...]:
    """All locked names, sorted."""
    return tuple(_locked(lock_file()))


def lock_file() -> Path:
    """Where the model's lock stands: beside its package, which is looked up and never imported."""
    spec = find_spec(MODEL_PACKAGE)
    if spec is None or spec.origin is None:
        raise RecipesLockError(f"The package {MODEL_PACKAGE} is not installed: it ships {LOCK_NAME}.")
    return Path(spec.origin).with_name(LOCK_NAME)


@cache
def _locked(path: Path) -> dict[str, RecipeFacts]:
    return read_lock(path)


def read_lock(path: Path) -> dict[str, RecipeFacts]:
    """All recipes of a lock file by name, sorted. Raises RecipesLockError with what is wrong."""
    try:
        lock = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RecipesLockError(f"{path} cannot be read: {error}") from error
    if not isinstance(lock, dict) or lock.get("format") != LOCK_FORMAT:
        raise RecipesLockError(f"{path} is not of format {LOCK_FORMAT}.")
    return {name: _facts(path, name, lock["recipes"][name]) for name in sorted(lock["recipes"])}


def _facts(path: Path, name: str, found: dict[str, Any]) -> RecipeFacts:
    wanted = [field.name for field in fields(RecipeFacts) if field.name != "name"]
    missing = [field for field in wanted if field not in found]
    if missing:
        raise RecipesLockError(f"{path} does not give {', '.join(missing)} of the recipe '{name}'.")
    return RecipeFacts(name=name, **{field: found[field] for field in wanted})
