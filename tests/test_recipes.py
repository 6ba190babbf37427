"""Facts of a recipe are read from the model's lock as text, and the model is never imported for it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from fixpoint.recipes import (
    RecipesLockError,
    RetiredRecipeError,
    UnknownRecipeError,
    known_recipes,
    lock_file,
    pinned_facts,
    read_lock,
    recipe_facts,
    retired_digests,
    retirement,
)

FACTS = {"digest": "d", "input_size": 32, "epochs": 5, "batch": 8, "gflop_train_image": 0.9, "gflop_eval_image": 0.3}
NOTE = {"recipe": "a", "reason": "Its padding was wrong.", "retired_on": "2026-11-22"}


def _lock(tmp_path: Path, content: object) -> Path:
    path = tmp_path / "recipes.lock"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_the_first_recipe_has_the_numbers_of_its_competition() -> None:
    facts = recipe_facts("resnet50-dcai2021")
    assert (facts.name, facts.input_size, facts.epochs, facts.batch) == ("resnet50-dcai2021", 32, 100, 8)
    assert len(facts.digest) == 64
    assert 2 * facts.gflop_eval_image < facts.gflop_train_image < 3 * facts.gflop_eval_image


def test_the_quick_recipe_differs_in_epochs_and_digest_alone() -> None:
    full, quick = recipe_facts("resnet50-dcai2021"), recipe_facts("resnet50-dcai2021-quick")
    assert quick.epochs == 5
    assert quick.digest != full.digest
    assert (quick.gflop_train_image, quick.gflop_eval_image) == (full.gflop_train_image, full.gflop_eval_image)


def test_known_recipes_are_those_of_the_lock_sorted() -> None:
    assert list(known_recipes()) == sorted(json.loads(lock_file().read_text())["recipes"])


def test_an_unknown_recipe_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownRecipeError, match=r"'vgg' is unknown; known are .*resnet50-dcai2021"):
        recipe_facts("vgg")


def test_no_line_of_the_model_runs_for_its_facts() -> None:
    code = "import sys, fixpoint.recipes as r; r.recipe_facts('resnet50-dcai2021'); print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_paths())
    assert "fixed_model" not in ran.stdout


def test_a_lock_is_read_by_name(tmp_path: Path) -> None:
    recipes = read_lock(_lock(tmp_path, _content(b=FACTS, a=FACTS))).recipes
    assert list(recipes) == ["a", "b"]
    assert recipes["a"].gflop_train_image == 0.9


def test_a_lock_with_more_than_is_known_is_read(tmp_path: Path) -> None:
    assert read_lock(_lock(tmp_path, _content(a=FACTS | {"new": 1}))).recipes["a"].batch == 8


@pytest.mark.parametrize("content", [[], {"format": 1, "recipes": {}}, {"format": 2, "recipes": {}}, {}])
def test_a_lock_of_another_format_is_refused(tmp_path: Path, content: object) -> None:
    with pytest.raises(RecipesLockError, match="not of format 2"):
        read_lock(_lock(tmp_path, content))


def test_a_lock_without_a_fact_is_refused_with_its_name(tmp_path: Path) -> None:
    short = {name: value for name, value in FACTS.items() if name != "epochs"}
    with pytest.raises(RecipesLockError, match="does not give epochs of the recipe 'a'"):
        read_lock(_lock(tmp_path, _content(a=short)))


def test_a_missing_or_broken_lock_is_refused_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(RecipesLockError, match=r"recipes\.lock cannot be read"):
        read_lock(tmp_path / "recipes.lock")
    (tmp_path / "recipes.lock").write_text("{")
    with pytest.raises(RecipesLockError, match="cannot be read"):
        read_lock(tmp_path / "recipes.lock")


@pytest.fixture
def retired(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _lock(tmp_path, _content(a=FACTS) | {"retired": {"old": NOTE}})
    monkeypatch.setattr("fixpoint.recipes.lock_file", lambda: path)


@pytest.mark.usefixtures("retired")
def test_a_pinned_digest_is_the_one_that_is_locked_or_none() -> None:
    assert pinned_facts("a", "d").batch == 8
    with pytest.raises(RetiredRecipeError, match=r"'a' was retired on 2026-11-22: Its padding was wrong\."):
        pinned_facts("a", "old")
    for name, digest in (("a", "f" * 64), ("gone", "d")):
        with pytest.raises(RetiredRecipeError, match="is not installed here any more"):
            pinned_facts(name, digest)


@pytest.mark.usefixtures("retired")
def test_what_is_retired_is_known_by_its_digest() -> None:
    note = retirement("old")
    assert note
    assert (note.recipe, note.reason, note.retired_on) == ("a", "Its padding was wrong.", "2026-11-22")
    assert retirement("d") is None
    assert retired_digests() == ("old",)


def test_a_retirement_without_its_reason_is_refused(tmp_path: Path) -> None:
    short = {name: value for name, value in NOTE.items() if name != "reason"}
    with pytest.raises(RecipesLockError, match="does not give reason of the retired digest old"):
        read_lock(_lock(tmp_path, _content() | {"retired": {"old": short}}))


def _content(**recipes: object) -> dict[str, object]:
    return {"format": 2, "recipes": recipes, "retired": {}}


def _paths() -> dict[str, str]:
    root = Path(__file__).parents[1]
    return {"PYTHONPATH": f"{root / 'platform'}:{root}"}
