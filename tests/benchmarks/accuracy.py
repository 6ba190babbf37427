"""`make accuracy`: the locked recipe on the real datasets, scored on the hidden half, as published in docs."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

from fixed_model.pins import pin

LEVEL = pin()  # before torch is loaded

import torch  # noqa: E402
from safetensors.torch import load_file  # noqa: E402

from fixed_model.commands.home import LIMITS, NUMERALS, pack_folder  # noqa: E402
from fixed_model.pack import read_images, read_weights  # noqa: E402
from fixed_model.packing import Request  # noqa: E402
from fixed_model.predict import predict  # noqa: E402
from fixed_model.recipe import DCAI2021, RECIPES  # noqa: E402
from fixed_model.run import Asked, run  # noqa: E402
from fixed_model.train import Epoch  # noqa: E402

HIDDEN = "hidden-test-half"


def main() -> None:
    """One line of JSON a dataset."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", nargs="+", help="names of zips in FIXPOINT_REAL_DATA/roman, without .zip")
    parser.add_argument("--seeds", default="0")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--recipe", default=DCAI2021.name)
    parser.add_argument("--out", type=Path, default=Path("var/accuracy"))
    asked = parser.parse_args()
    data = Path(os.environ["FIXPOINT_REAL_DATA"]) / "roman"
    hidden = packed(data / f"{HIDDEN}.zip", asked.out / HIDDEN, "classes", asked.recipe)
    for name in asked.dataset:
        folder = asked.out / name
        pack = packed(data / f"{name}.zip", folder, "splits", asked.recipe)
        seeds = [int(seed) for seed in asked.seeds.split(",")]
        print(json.dumps(one(folder, pack, hidden, seeds, asked.threads, asked.recipe)), flush=True)


def packed(archive: Path, folder: Path, layout: str, recipe: str) -> Path:
    """The pack of an archive."""
    folder.mkdir(parents=True, exist_ok=True)
    pack_folder(archive, folder, Request(layout, list(NUMERALS), LIMITS, 1, RECIPES[recipe].input_size))
    return folder / "pack.safetensors"


def one(folder: Path, pack: Path, hidden: Path, seeds: list[int], threads: int, name: str) -> dict[str, object]:
    """Train the seeds and judge each on the hidden images."""
    recipe, load, cpu = RECIPES[name], os.getloadavg()[0], os.times()
    started = time.monotonic()
    facts = run(Asked(recipe, seeds, threads, len(NUMERALS)), pack, folder, "cpu", say)
    seconds, after = time.monotonic() - started, os.times()
    labels = load_file(hidden)["labels"]
    images = read_images(hidden, recipe)
    weights = read_weights(folder / "weights.safetensors", recipe, torch.device("cpu"))
    right = [int((predict(one, images, recipe).argmax(1) == labels).sum()) for one in weights]
    accuracies = torch.tensor(right, dtype=torch.float64) / len(labels)
    return {
        "dataset": folder.name,
        "recipe_digest": facts["recipe_digest"],
        "device_class": facts["device_class"],
        "device": facts["device"],
        "seeds": [seed | {"accuracy": float(a)} for seed, a in zip(facts["seeds"], accuracies, strict=True)],
        "mean": float(accuracies.mean()),
        "spread": float(accuracies.std()) if len(seeds) > 1 else None,
        "val_mean": facts["best_val_accuracy"],
        "val_spread": facts["val_accuracy_spread"],
        "train_images": facts["train_images"],
        "val_images": facts["val_images"],
        "seconds": round(seconds),
        "cpu_seconds": round(sum(after[:4]) - sum(cpu[:4])),
        "load_before_and_after": [round(load, 1), round(os.getloadavg()[0], 1)],
    }


def say(seed: int, epoch: Epoch) -> None:
    """A sign of life."""
    if epoch.epoch % 10 == 0:
        sys.stderr.write(f"seed {seed}, epoch {epoch.epoch}: val accuracy {epoch.val_accuracy:.4f}\n")


if __name__ == "__main__":
    main()
