"""The command line, as the sandbox calls it: files in, files out, in processes of their own."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from fixed_model.digest import recipe_digest
from fixed_model.recipe import DCAI2021_QUICK
from tests.fixed_model.archives import CLASSES, ROOMY, small_dataset, zipped
from tests.fixed_model.pictures import drawn_png, grey_png

RECIPE = DCAI2021_QUICK.name
SOURCE = Path(__file__).parents[2]


def run(folder: Path, stage: str, asked: dict[str, Any], **inputs: Path) -> subprocess.CompletedProcess[str]:
    """One stage in a process of its own, started in its output folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "request.json").write_text(json.dumps({"recipe": RECIPE} | asked))
    options = [part for name, path in inputs.items() for part in (f"--{name}", str(path))]
    command = [sys.executable, "-m", "fixed_model", stage, "--request", str(folder / "request.json"), *options]
    environment = os.environ | {"PYTHONPATH": str(SOURCE)}
    return subprocess.run(
        [*command, "--out", str(folder)], cwd=folder, env=environment, capture_output=True, text=True, timeout=300
    )


def outcome(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "outcome.json").read_bytes())
    return content


def ingested(folder: Path, files: dict[str, bytes], layout: str = "splits") -> Path:
    classes = [] if layout == "flat" else list(CLASSES)
    asked = {"layout": layout, "classes": classes, "limits": ROOMY, "sheet_per_class": 3}
    folder.mkdir(parents=True)
    done = run(folder, "ingest", asked, archive=zipped(folder / "archive.zip", files))
    assert (done.returncode, done.stderr) == (0, "")
    return folder / "pack.safetensors"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One entry carried through all stages: folders ingest, hidden, train, predict."""
    house = tmp_path_factory.mktemp("house")
    files = {
        f"{split}/{name}/{n}.png": drawn_png(label, seed=1000 * label + (500 if split == "val" else 0) + n)
        for split, count in (("train", 20), ("val", 5))
        for label, name in enumerate(CLASSES)
        for n in range(count)
    }
    pack = ingested(house / "ingest", files)
    hidden = ingested(house / "hidden", {f"{n}.png": drawn_png(n % 2, seed=90_000 + n) for n in range(10)}, "flat")
    trained = run(house / "train", "train", {"seeds": [3], "threads": 2, "classes": 2}, pack=pack)
    assert (trained.returncode, trained.stderr) == (0, "")
    weights = house / "train" / "weights.safetensors"
    predicted = run(house / "predict", "predict", {"threads": 2}, pack=hidden, weights=weights)
    assert (predicted.returncode, predicted.stderr) == (0, "")
    return house


def test_an_entry_goes_through_all_stages(house: Path) -> None:
    assert [outcome(house / stage)["outcome"] for stage in ("ingest", "hidden", "train", "predict")] == ["done"] * 4


def test_training_says_what_it_did(house: Path) -> None:
    said = outcome(house / "train")
    weights = (house / "train" / "weights.safetensors").read_bytes()
    assert said["recipe"] == RECIPE
    assert said["recipe_digest"] == recipe_digest(DCAI2021_QUICK)
    assert said["weights_digest"] == hashlib.sha256(weights).hexdigest()
    assert (said["classes"], said["threads"], said["train_images"], said["val_images"]) == (2, 2, 40, 10)
    [one] = said["seeds"]
    assert (one["seed"], one["weights_digest"]) == (3, said["weights_digest"])
    assert (said["best_val_accuracy"], said["val_accuracy_spread"]) == (one["best_val_accuracy"], None)
    assert said["gflop"] == pytest.approx(5 * (40 * 0.09142272 + 10 * 0.032079872))
    assert said["versions"].keys() == {"python", "torch", "numpy", "pillow", "safetensors"}
    assert said["device_class"].startswith(("cpu-", "cuda-"))
    assert said["device"]
    assert said["seconds"] > 0


def test_progress_has_a_line_an_epoch_and_history_the_same(house: Path) -> None:
    lines = [json.loads(line) for line in (house / "train" / "progress.jsonl").read_text().splitlines()]
    assert [(line["epoch"], line["epochs"]) for line in lines] == [(epoch, 5) for epoch in range(1, 6)]
    assert lines[0].keys() == {"seed", "epoch", "epochs", "loss", "accuracy", "val_loss", "val_accuracy"}
    assert json.loads((house / "train" / "history.json").read_bytes()) == {"format": 1, "epochs": lines}
    best = max(lines, key=lambda line: (line["val_accuracy"], -line["epoch"]))
    [said] = outcome(house / "train")["seeds"]
    assert (said["best_epoch"], said["best_val_accuracy"]) == (best["epoch"], best["val_accuracy"])


def test_weights_have_sorted_names_and_no_metadata(house: Path) -> None:
    data = (house / "train" / "weights.safetensors").read_bytes()
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    assert "__metadata__" not in header
    assert list(header) == sorted(header)


def test_logits_have_a_row_an_image_and_a_column_a_class(house: Path) -> None:
    logits = load_file(house / "predict" / "logits.safetensors")["logits"]
    assert (logits.shape, logits.dtype) == ((1, 10, 2), np.float32)
    said = outcome(house / "predict")
    assert said["images"] == 10
    assert said["gflop"] == pytest.approx(10 * 0.032079872)
    assert said["recipe_digest"] == outcome(house / "train")["recipe_digest"]
    assert {"recipe", "threads", "device", "versions", "seconds"} <= said.keys()


def test_several_seeds_are_kept_apart_and_told_with_mean_and_spread(house: Path, tmp_path: Path) -> None:
    pack, hidden = house / "ingest" / "pack.safetensors", house / "hidden" / "pack.safetensors"
    assert run(tmp_path / "t", "train", {"seeds": [3, 12], "threads": 2, "classes": 2}, pack=pack).returncode == 0
    said, alone = outcome(tmp_path / "t"), outcome(house / "train")
    assert [one["seed"] for one in said["seeds"]] == [3, 12]
    assert said["seeds"][0] == alone["seeds"][0]
    accuracies = [one["best_val_accuracy"] for one in said["seeds"]]
    assert said["best_val_accuracy"] == pytest.approx(sum(accuracies) / 2)
    assert said["val_accuracy_spread"] == pytest.approx(abs(accuracies[0] - accuracies[1]) / 2**0.5)
    assert said["gflop"] == pytest.approx(2 * alone["gflop"])
    lines = json.loads((tmp_path / "t" / "history.json").read_bytes())["epochs"]
    assert [(line["seed"], line["epoch"]) for line in lines] == [(s, e) for s in (3, 12) for e in range(1, 6)]
    weights = tmp_path / "t" / "weights.safetensors"
    assert run(tmp_path / "p", "predict", {"threads": 2}, pack=hidden, weights=weights).returncode == 0
    logits = load_file(tmp_path / "p" / "logits.safetensors")["logits"]
    assert logits.shape == (2, 10, 2)
    assert np.array_equal(logits[:1], load_file(house / "predict" / "logits.safetensors")["logits"])


def test_another_process_in_another_folder_gives_the_same_weights_and_logits(house: Path, tmp_path: Path) -> None:
    again = tmp_path / "elsewhere" / "deeper"
    pack = house / "ingest" / "pack.safetensors"
    assert run(again, "train", {"seeds": [3], "threads": 2, "classes": 2}, pack=pack).returncode == 0
    assert outcome(again)["weights_digest"] == outcome(house / "train")["weights_digest"]
    hidden, weights = house / "hidden" / "pack.safetensors", again / "weights.safetensors"
    assert run(tmp_path / "p", "predict", {"threads": 2}, pack=hidden, weights=weights).returncode == 0
    first, second = (folder / "logits.safetensors" for folder in (house / "predict", tmp_path / "p"))
    assert first.read_bytes() == second.read_bytes()


# --- news that is bad ---


def broken_pack(house: Path, path: Path, **changes: Any) -> Path:
    tensors = load_file(house / "ingest" / "pack.safetensors")
    for name, change in changes.items():
        tensors[name] = change(tensors[name].copy())
    save_file(tensors, path)
    return path


def with_nan(images: np.ndarray) -> np.ndarray:
    images[0, 0, 0, 0] = np.nan
    return images


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"images": with_nan}, "bad-pack", "not a number"),
        ({"labels": lambda labels: labels + 7}, "bad-pack", "outside the 2 classes"),
        ({"split": lambda split: split * 0}, "empty-split", "no val images"),
    ],
    ids=["nan", "labels", "empty val"],
)
def test_data_that_cannot_be_trained_on_fails_with_a_code_and_a_sentence(
    house: Path, tmp_path: Path, changes: dict[str, Any], code: str, words: str
) -> None:
    pack = broken_pack(house, tmp_path / "pack.safetensors", **changes)
    done = run(tmp_path / "out", "train", {"seeds": [0], "threads": 2, "classes": 2}, pack=pack)
    said = outcome(tmp_path / "out")
    assert done.returncode == 0
    assert (said["outcome"], said["code"]) == ("failed", code)
    assert words in said["detail"]
    assert said["detail"].endswith(".")


def test_weights_of_another_network_fail_with_a_code(house: Path, tmp_path: Path) -> None:
    save_file({"fc.bias": np.zeros(2, np.float32)}, tmp_path / "weights.safetensors")
    hidden = house / "hidden" / "pack.safetensors"
    done = run(tmp_path, "predict", {"threads": 2}, pack=hidden, weights=tmp_path / "weights.safetensors")
    assert done.returncode == 0
    assert (outcome(tmp_path)["outcome"], outcome(tmp_path)["code"]) == ("failed", "bad-weights")


def test_a_refused_archive_is_news_and_no_crash(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", small_dataset() | {"train/i/x.png": grey_png(1)[:50]})
    asked = {"layout": "splits", "classes": list(CLASSES), "limits": ROOMY, "sheet_per_class": 3}
    assert run(tmp_path, "ingest", asked, archive=archive).returncode == 0
    assert outcome(tmp_path)["outcome"] == "refused"


@pytest.mark.parametrize("asked", [{"recipe": "resnet50-of-mine"}, {"threads": None}], ids=["recipe", "threads"])
def test_a_request_that_makes_no_sense_is_a_crash_since_it_is_our_mistake(
    house: Path, tmp_path: Path, asked: dict[str, Any]
) -> None:
    hidden, weights = house / "hidden" / "pack.safetensors", house / "train" / "weights.safetensors"
    done = run(tmp_path, "predict", {"threads": 2} | asked, pack=hidden, weights=weights)
    assert done.returncode != 0
    assert not (tmp_path / "outcome.json").exists()


def test_code_that_is_not_the_locked_code_does_not_run(house: Path, tmp_path: Path) -> None:
    shutil.copytree(SOURCE / "fixed_model", tmp_path / "fixed_model", ignore=shutil.ignore_patterns("__pycache__"))
    code = tmp_path / "fixed_model" / "predict.py"
    code.write_text(code.read_text().replace("variance + recipe.batch_norm_eps", "variance"))
    hidden, weights = house / "hidden" / "pack.safetensors", house / "train" / "weights.safetensors"
    (tmp_path / "request.json").write_text(json.dumps({"recipe": RECIPE, "threads": 2}))
    options = f"--request request.json --pack {hidden} --weights {weights} --out {tmp_path}".split()
    done = subprocess.run(
        [sys.executable, "-m", "fixed_model", "predict", *options],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "UnlockedError" in done.stderr
    assert not (tmp_path / "outcome.json").exists()


# --- the program itself ---


def program(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "fixed_model", *arguments], cwd=SOURCE, capture_output=True, text=True)


@pytest.mark.parametrize("arguments", [[], ["dance"], ["--help"]])
def test_without_a_stage_the_program_says_how_to_call_it(arguments: list[str]) -> None:
    done = program(*arguments)
    assert done.returncode != 0
    assert "ingest,train,predict,verify,lock" in done.stderr


@pytest.mark.parametrize("stage", ["ingest", "train", "predict", "verify", "lock"])
def test_every_stage_explains_its_options(stage: str) -> None:
    done = program(stage, "--help")
    assert done.returncode == 0
    assert f"fixed-model {stage}" in done.stdout


def test_ingest_and_lock_never_load_torch() -> None:
    code = (
        "import sys; import fixed_model.__main__, fixed_model.commands.ingest, fixed_model.commands.lock;"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=SOURCE).returncode == 0
