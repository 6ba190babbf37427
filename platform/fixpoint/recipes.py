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
LOCK_FORMAT = 2


class UnknownRecipeError(LookupError):
    """No recipe of this name is locked; the message lists those that are."""


class RetiredRecipeError(LookupError):
    """What was pinned is not in the lock any more; the message says why, in a sentence for a person."""


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


@dataclass(frozen=True)
class Retired:
    """A digest that nobody runs any more: its scores stand, new ones cannot be made."""

    recipe: str
    reason: str
    retired_on: str

    @property
    def says(self) -> str:
        """All of it as one sentence."""
        return f"The recipe '{self.recipe}' was retired on {self.retired_on}: {self.reason}"


@dataclass(frozen=True)
class Lock:
    """A lock file: what can be run by name, and what once could by digest."""

    recipes: dict[str, RecipeFacts]
    retired: dict[str, Retired]


def recipe_facts(name: str) -> RecipeFacts:
    """The facts of one recipe as it is locked now. Raises UnknownRecipeError."""
    recipes = _locked(lock_file()).recipes
    if name not in recipes:
        raise UnknownRecipeError(f"The recipe '{name}' is unknown; known are {', '.join(recipes)}.")
    return recipes[name]


def pinned_facts(name: str, digest: str) -> RecipeFacts:
    """The facts of a recipe under the digest that was pinned, and no other. Raises RetiredRecipeError."""
    lock = _locked(lock_file())
    if name in lock.recipes and lock.recipes[name].digest == digest:
        return lock.recipes[name]
    note = lock.retired.get(digest)
    absent = f"The recipe '{name}' of the digest {digest[:12]} is not installed here any more."
    raise RetiredRecipeError(note.says if note else absent)


def retirement(digest: str) -> Retired | None:
    """Since when and why nobody runs this digest any more; None unless it was declared retired."""
    return _locked(lock_file()).retired.get(digest)


def retired_digests() -> tuple[str, ...]:
    """All that were declared retired."""
    return tuple(_locked(lock_file()).retired)


def known_recipes() -> tuple[str, ...]:
    """All locked names, sorted."""
    return tuple(_locked(lock_file()).recipes)


@cache
def lock_file() -> Path:
    """Where the model's lock stands: beside its package, which is looked up and never imported."""
    spec = find_spec(MODEL_PACKAGE)
    if spec is None or spec.origin is None:
        raise RecipesLockError(f"The package {MODEL_PACKAGE} is not installed: it ships {LOCK_NAME}.")
    return Path(spec.origin).with_name(LOCK_NAME)


@cache
def _locked(path: Path) -> Lock:
    return read_lock(path)


def read_lock(path: Path) -> Lock:
    """All of a lock file, recipes sorted by name. Raises RecipesLockError with what is wrong."""
    try:
        lock = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RecipesLockError(f"{path} cannot be read: {error}") from error
    if not isinstance(lock, dict) or lock.get("format") != LOCK_FORMAT or not {"recipes", "retired"} <= lock.keys():
        raise RecipesLockError(f"{path} is not of format {LOCK_FORMAT}.")
    return Lock(
        recipes={name: _facts(path, name, lock["recipes"][name]) for name in sorted(lock["recipes"])},
        retired={digest: _retired(path, digest, note) for digest, note in lock["retired"].items()},
    )


def _facts(path: Path, name: str, found: dict[str, Any]) -> RecipeFacts:
    wanted = [field.name for field in fields(RecipeFacts) if field.name != "name"]
    return RecipeFacts(name=name, **_picked(path, f"the recipe '{name}'", found, wanted))


def _retired(path: Path, digest: str, found: dict[str, Any]) -> Retired:
    wanted = [field.name for field in fields(Retired)]
    return Retired(**_picked(path, f"the retired digest {digest[:12]}", found, wanted))


def _picked(path: Path, whose: str, found: dict[str, Any], wanted: list[str]) -> dict[str, Any]:
    missing = [field for field in wanted if field not in found]
    if missing:
        raise RecipesLockError(f"{path} does not give {', '.join(missing)} of {whose}.")
    return {field: found[field] for field in wanted}
