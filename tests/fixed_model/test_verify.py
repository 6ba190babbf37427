"""A run that is run again: identical, within the luck of the seed, different, or refused with a sentence."""

import json
import math
import shutil
from pathlib import Path
from typing import Any

import pytest

from fixed_model.commands import verify
from fixed_model.commands.verify import other_versions
from fixed_model.verdict import DIFFERENT, IDENTICAL, USUAL_SPREAD, WITHIN, compare, flaw
from tests.fixed_model.packs import contents, packed, program, said, stage

Change = dict[str, Any]


def a_seed(seed: int = 0, digest: str = "a" * 64, accuracy: float = 0.5) -> dict[str, Any]:
    return {"seed": seed, "weights_digest": digest, "best_val_accuracy": accuracy, "best_epoch": 1}


# --- the verdict ---


def outcome(accuracy: float, digests: str, spread: float | None = None) -> dict[str, Any]:
    seeds = [a_seed(seed, digest) for seed, digest in enumerate(digests)]
    return {"seeds": seeds, "best_val_accuracy": accuracy, "val_accuracy_spread": spread, "val_images": 1000}


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (outcome(0.9, "a"), outcome(0.9, "a"), IDENTICAL),
        (outcome(0.9, "ab", 0.0), outcome(0.9, "ab", 0.0), IDENTICAL),
        (outcome(0.9, "a"), outcome(0.9, "b"), WITHIN),
        (outcome(0.9, "a"), outcome(0.9 - 4.2 * USUAL_SPREAD, "b"), WITHIN),
        (outcome(0.9, "a"), outcome(0.9 - 4.3 * USUAL_SPREAD, "b"), DIFFERENT),
        (outcome(0.1, "a"), outcome(0.9, "b"), DIFFERENT),
        (outcome(0.8, "ab", 0.01), outcome(0.8, "ac", 0.01), WITHIN),
        (outcome(0.8, "ab", 0.01), outcome(0.8, "ba", 0.01), WITHIN),
        (outcome(0.8, "ab", 1.0), outcome(0.829, "cd", 0.002), DIFFERENT),
        (outcome(0.8, "ab", 0.002), outcome(0.829, "cd", 0.01), WITHIN),
        (outcome(0.8, "ab", 0.01), outcome(0.831, "cd", 0.01), DIFFERENT),
        (outcome(0.8, "abcdefgh", 0.02), outcome(0.829, "ijklmnop", 0.02), WITHIN),
        (outcome(0.8, "abcdefgh", 0.02), outcome(0.831, "ijklmnop", 0.02), DIFFERENT),
        (outcome(0.8, "ab", 0.0), outcome(0.802, "cd", 0.0), WITHIN),
        (outcome(0.8, "ab", 0.0), outcome(0.804, "cd", 0.0), DIFFERENT),
    ],
)
def test_the_verdict_follows_from_digests_then_means_and_spreads(before: Change, after: Change, verdict: str) -> None:
    assert compare(before, after)[0] == verdict


@pytest.mark.parametrize("lie", [{"best_val_accuracy": 0.9}, {"best_epoch": 2}], ids=str)
def test_equal_weights_do_not_cover_for_a_false_statement(lie: Change) -> None:
    before, after = outcome(0.5, "ab", 0.0), outcome(0.5, "ab", 0.0)
    before["seeds"][1] |= lie
    verdict, why = compare(before, after)
    assert verdict == DIFFERENT
    assert "seed 1 states" in why


def test_the_sentence_tells_the_difference_and_what_seeds_explain() -> None:
    _, why = compare(outcome(0.8, "ab", 0.01), outcome(0.7, "cd", 0.01))
    assert "0.1000" in why
    assert f"{3 * 0.01 * math.sqrt(2 / 2):.4f}" in why


# --- the program ---


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trained") / "run"
    done = program(*stage(packed(folder, contents(train=9, val=4)), folder, seeds=[0, 1], threads=2))
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def claim(trained: Path, tmp_path: Path) -> Any:
    """A run whose outcome.json says something else here and there."""

    def claim(**changes: Any) -> Path:
        folder = tmp_path / "run"
        shutil.copytree(trained, folder)
        (folder / "outcome.json").write_text(json.dumps(said(trained) | changes))
        return folder

    return claim


def test_a_run_that_is_what_it_says_is_identical(trained: Path) -> None:
    done = program("verify", str(trained))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].startswith("identical: the weights of 2 seed(s)")
    assert "seed 1, epoch 5: val accuracy" in done.stdout


def test_other_bits_of_the_same_accuracy_are_within_the_seeds_spread(trained: Path, claim: Any) -> None:
    seeds = [one | {"weights_digest": "f" * 64} for one in said(trained)["seeds"]]
    done = program("verify", str(claim(seeds=seeds)))
    assert done.returncode == 3, done.stderr
    assert done.stdout.splitlines()[-1].startswith("within seed spread: other bits")


def test_other_versions_of_a_library_are_told_of(trained: Path) -> None:
    stated = said(trained)["versions"]
    assert list(other_versions(stated)) == []
    [line] = other_versions(stated | {"torch": "1.0\x1b[2J"})
    assert line.startswith("the run was made with torch 1.0")
    assert "\x1b" not in line
    assert list(other_versions("nonsense")) == []


def test_an_accuracy_that_no_seed_explains_is_different(trained: Path, claim: Any) -> None:
    far = 0.0 if said(trained)["seeds"][0]["best_val_accuracy"] >= 0.5 else 1.0
    seeds = [one | {"weights_digest": "f" * 64, "best_val_accuracy": far} for one in said(trained)["seeds"][:1]]
    run = claim(seeds=seeds, best_val_accuracy=far, val_accuracy_spread=None)
    done = program("verify", str(run), "--threads", "1", "--pack", str(trained / "pack.safetensors"))
    assert done.returncode == 1, done.stderr
    assert done.stdout.splitlines()[-1].startswith("different: other bits")


def refusal(*arguments: Path | str) -> str:
    """What the program ends with, before it trains anything."""
    with pytest.raises(SystemExit) as ended:
        verify.main([str(word) for word in arguments])
    assert isinstance(ended.value.code, str)  # Python prints it to stderr; the status is 1
    return ended.value.code


def test_a_mean_that_is_not_its_seeds_is_refused(trained: Path, claim: Any) -> None:
    other = (said(trained)["best_val_accuracy"] + 0.5) % 1
    assert "not the mean of its seeds" in refusal(claim(best_val_accuracy=other))


def test_weights_that_the_run_does_not_name_are_told_of(claim: Any) -> None:
    run = claim()
    (run / "weights.safetensors").write_bytes(b"others")
    assert "is not the file that the run's outcome.json names" in refusal(run)


def test_a_run_of_another_recipe_digest_is_refused(claim: Any) -> None:
    assert "which this version does not compute" in refusal(claim(recipe_digest="0" * 64))


def test_a_run_without_its_pack_names_the_option(claim: Any) -> None:
    run = claim()
    (run / "pack.safetensors").unlink()
    assert "--pack" in refusal(run)
    assert "--pack" in refusal(run, "--pack", run / "nowhere")


def test_a_pack_that_cannot_be_read_is_told_of(claim: Any) -> None:
    run = claim()
    (run / "pack.safetensors").write_bytes(b"no pack")
    assert "cannot be used" in refusal(run)


@pytest.mark.parametrize(
    "text", ["", "garbage", "\xff", "[]", "null", "7", "[" * 100_000, "9" * 5000], ids=lambda text: text[:8] or "empty"
)
def test_an_outcome_that_is_none_is_refused(claim: Any, text: str) -> None:
    run = claim()
    (run / "outcome.json").write_text(text, encoding="latin-1")
    assert str(run) in refusal(run)


def test_a_folder_without_an_outcome_is_refused(tmp_path: Path) -> None:
    assert "no outcome.json" in refusal(tmp_path)
    assert "no outcome.json" in refusal(tmp_path / "nowhere")


FIELDS = ("recipe", "recipe_digest", "device_class", "threads", "classes", "best_val_accuracy", "seeds")


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("value", [[], {}, "\x1b[2J", -1, float("nan"), float("inf")], ids=repr)
def test_a_field_of_the_wrong_kind_is_refused_or_harmless(claim: Any, name: str, value: Any) -> None:
    run = claim(recipe_digest="0" * 64) if name != "recipe_digest" else claim()
    (run / "outcome.json").write_text(json.dumps(said(run) | {name: value}))
    assert "\x1b" not in refusal(run)


@pytest.mark.parametrize("name", [*FIELDS, "outcome"])
def test_a_missing_field_is_named(trained: Path, name: str) -> None:
    told = said(trained)
    del told[name]
    assert ("none that was done" if name == "outcome" else f"its {name} ") in flaw(told)


@pytest.mark.parametrize(
    "change",
    [
        {"seeds": []},
        {"seeds": [a_seed(0), a_seed(0)]},
        {"seeds": [a_seed(-1)]},
        {"seeds": [a_seed(2**64)]},
        {"seeds": [{"seed": 0}]},
        {"seeds": [{"weights_digest": "a"}]},
        {"seeds": [a_seed(0) | {"seed": 0.5}]},
        {"seeds": ["0"]},
        {"seeds": [a_seed(seed) for seed in range(100)]},
        {"classes": 0},
        {"classes": 10**12},
        {"recipe": "resnet50-of-mine"},
        {"outcome": "failed"},
    ],
    ids=lambda change: str(change)[:40],
)
def test_a_claim_that_makes_no_sense_is_refused_before_anything_is_trained(claim: Any, change: Change) -> None:
    assert "holds no training" in refusal(claim(**change))
