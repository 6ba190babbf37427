"""recipes.lock: fresh, readable by anyone, and believed by nobody who runs other code."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from fixed_model import lock
from fixed_model.commands.lock import main
from fixed_model.digest import recipe_digest
from fixed_model.recipe import DCAI2021, RECIPES


def test_the_lock_in_the_repository_is_fresh() -> None:
    assert lock.LOCK.read_text(encoding="utf-8") == lock.render(), "run `python -m fixed_model lock`"


def test_the_lock_tells_of_every_recipe_what_others_need() -> None:
    content = json.loads(lock.LOCK.read_text(encoding="utf-8"))
    assert content["format"] == lock.FORMAT
    assert content["recipes"].keys() == RECIPES.keys()
    for name, entry in content["recipes"].items():
        assert entry["digest"] == recipe_digest(RECIPES[name])
        assert entry["input_size"] == RECIPES[name].input_size
        assert (entry["epochs"], entry["batch"]) == (RECIPES[name].epochs, RECIPES[name].batch)
        assert 0 < entry["gflop_eval_image"] < entry["gflop_train_image"]


def test_every_digest_that_was_locked_once_runs_today_or_is_retired_with_a_reason() -> None:
    content = json.loads(lock.LOCK.read_text(encoding="utf-8"))
    for digest, entry in content["retired"].items():
        assert len(digest) == 64
        assert entry["recipe"]
        assert entry["reason"].endswith(".")
        date.fromisoformat(entry["retired_on"])
    assert not content["retired"].keys() & {entry["digest"] for entry in content["recipes"].values()}


def test_code_that_agrees_with_the_lock_may_run() -> None:
    assert lock.locked_digest(DCAI2021) == recipe_digest(DCAI2021)


def test_a_recipe_that_was_bent_may_not_run() -> None:
    with pytest.raises(lock.UnlockedError):
        lock.locked_digest(replace(DCAI2021, epochs=101))


def test_a_recipe_that_was_never_locked_may_not_run() -> None:
    with pytest.raises(lock.UnlockedError):
        lock.locked_digest(replace(DCAI2021, name="my-own"))


def test_the_check_says_when_the_lock_is_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "recipes.lock"
    path.write_text(lock.render().replace('"batch": 8', '"batch": 9'), encoding="utf-8")
    monkeypatch.setattr("fixed_model.commands.lock.LOCK", path)
    with pytest.raises(SystemExit, match="stale"):
        main(["--check"])
    main([])
    main(["--check"])
    assert path.read_text(encoding="utf-8") == lock.render()
