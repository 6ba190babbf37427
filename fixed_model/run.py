"""A training as a whole: a pack in, the weights of every seed and all that is known of them out."""

from __future__ import annotations

import hashlib
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from fixed_model import device as devices
from fixed_model.cost import gflop_eval_image, gflop_train_image
from fixed_model.faults import BadRequestError
from fixed_model.lock import locked_digest
from fixed_model.outcome import FORMAT, write_json, write_outcome
from fixed_model.pack import Pack, read_pack
from fixed_model.progress import Progress
from fixed_model.provenance import device_class, device_name, versions
from fixed_model.recipe import RECIPES, Recipe
from fixed_model.replicas import Notice, train_seeds
from fixed_model.stores import digest, store
from fixed_model.train import Epoch, Trained, train

MOST_SEEDS = 20
LARGEST_SEED = 2**63 - 1  # torch's generator takes no more


@dataclass(frozen=True)
class Asked:
    """What to train: seeds in the order of the results, cores that may be used, number of classes."""

    recipe: Recipe
    seeds: list[int]
    threads: int
    classes: int

    @classmethod
    def of(cls, request: dict[str, Any]) -> Asked:
        """From a stage's request."""
        seeds = [int(seed) for seed in request["seeds"]]
        allowed = 0 < len(seeds) <= MOST_SEEDS and all(0 <= seed <= LARGEST_SEED for seed in seeds)
        if not allowed or len(set(seeds)) < len(seeds):
            raise BadRequestError(f"seeds must be 1 to {MOST_SEEDS} different numbers from 0 on, not {seeds}")
        return cls(RECIPES[str(request["recipe"])], seeds, int(request["threads"]), int(request["classes"]))


def silence(_seed: int, _epoch: Epoch) -> None:
    """For runs that nobody watches."""


def run(asked: Asked, pack_path: Path, out: Path, device_wish: str, notice: Notice = silence) -> dict[str, Any]:
    """Train as asked, write all that the stage promises and return the outcome. `notice` hears of every epoch."""
    recipe_digest = locked_digest(asked.recipe)
    devices.make_deterministic()
    device = find_device(device_wish)
    began = time.monotonic()
    pack = read_pack(pack_path, asked.recipe, asked.classes)
    progress = Progress(out / "progress.jsonl", asked.recipe.epochs, asked.seeds)

    def both(seed: int, epoch: Epoch) -> None:
        progress(seed, epoch)
        notice(seed, epoch)

    def training(seed: int, on_epoch: Callable[[Epoch], None]) -> Trained:
        return train(
            asked.recipe, pack.train, pack.val, classes=asked.classes, seed=seed, device=device, on_epoch=on_epoch
        )

    lanes = asked.threads if device.type == "cpu" else 1
    trained = dict(zip(asked.seeds, train_seeds(asked.seeds, lanes, training, both), strict=True))
    weights = store({seed: result.weights for seed, result in trained.items()})
    (out / "weights.safetensors").write_bytes(weights)
    weights_digest = hashlib.sha256(weights).hexdigest()
    del weights  # many seeds of a large network are gigabytes
    (out / "dynamics.safetensors").write_bytes(store({seed: result.dynamics for seed, result in trained.items()}))
    write_json(out / "history.json", {"format": FORMAT, "epochs": progress.history()})
    facts = {
        "recipe": asked.recipe.name,
        "recipe_digest": recipe_digest,
        **results(trained),
        "train_images": len(pack.train.labels),
        "val_images": len(pack.val.labels),
        "gflop": len(trained) * gflop(asked.recipe, pack),
        "weights_digest": weights_digest,
        "classes": asked.classes,
        "threads": asked.threads,
        **made_by(device),
        "seconds": time.monotonic() - began,
    }
    write_outcome(out, "done", **facts)
    return facts


def find_device(wish: str) -> torch.device:
    """The device that was asked for, once it is known to be there."""
    try:
        device = devices.choose(wish)
    except RuntimeError:
        raise BadRequestError(f"no device is called {wish}; there are auto, cpu and cuda") from None
    there = {"cpu": 1, "cuda": torch.cuda.device_count()}.get(device.type, 0)
    if not there:
        raise BadRequestError(f"torch finds no {wish} here")
    if device.index:
        raise BadRequestError(f"a run uses the first device that it sees, not {wish}: set CUDA_VISIBLE_DEVICES")
    return device


def results(trained: dict[int, Trained]) -> dict[str, Any]:
    """Each seed's result, their mean and spread."""
    accuracies = [result.best.val_accuracy for result in trained.values()]
    return {
        "seeds": [
            {
                "seed": seed,
                "best_epoch": result.best.epoch,
                "best_val_accuracy": result.best.val_accuracy,
                "weights_digest": digest(result.weights),
            }
            for seed, result in trained.items()
        ],
        "best_val_accuracy": statistics.mean(accuracies),
        "val_accuracy_spread": statistics.stdev(accuracies) if len(accuracies) > 1 else None,
    }


def gflop(recipe: Recipe, pack: Pack) -> float:
    """Arithmetic of one seed's training."""
    learned = len(pack.train.labels) * gflop_train_image(recipe)
    return recipe.epochs * (learned + len(pack.val.labels) * gflop_eval_image(recipe))


def made_by(device: torch.device) -> dict[str, Any]:
    """What ran it."""
    return {"device": device_name(device), "device_class": device_class(device), "versions": versions()}
