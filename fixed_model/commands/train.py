"""`fixed-model train`: a pack in, the best epoch's weights out."""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from pathlib import Path

from safetensors.torch import save

from fixed_model import device as devices
from fixed_model.cost import gflop_eval_image, gflop_train_image
from fixed_model.lock import locked_digest
from fixed_model.outcome import FORMAT, write_json, write_outcome
from fixed_model.pack import BadPackError, EmptySplitError, read_pack
from fixed_model.progress import Progress
from fixed_model.provenance import device_class, device_name, versions
from fixed_model.recipe import RECIPES
from fixed_model.train import DivergedError, train


def main(arguments: list[str]) -> None:
    """Run the stage on files named by arguments."""
    parser = argparse.ArgumentParser(prog="fixed-model train", description=__doc__)
    parser.add_argument("--request", type=Path, required=True, metavar="JSON", help="recipe, seed, threads, classes")
    parser.add_argument("--pack", type=Path, required=True, metavar="FILE", help="the dataset as packed by ingest")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="an existing folder to write to")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    options = parser.parse_args(arguments)
    try:
        run(json.loads(options.request.read_bytes()), options.pack, options.out, options.device)
    except BadPackError as error:
        write_outcome(options.out, "failed", code="bad-pack", detail=f"The packed dataset cannot be used: {error}.")
    except EmptySplitError as error:
        write_outcome(options.out, "failed", code="empty-split", detail=f"There is nothing to learn from: {error}.")
    except DivergedError as error:
        detail = f"The training diverged: the loss was no longer a number in epoch {error}."
        write_outcome(options.out, "failed", code="diverged", detail=detail)


def run(asked: dict[str, int | str], pack_path: Path, out: Path, device_wish: str) -> None:
    """Train as asked and write all that the stage promises."""
    recipe = RECIPES[str(asked["recipe"])]
    seed, threads, classes = int(asked["seed"]), int(asked["threads"]), int(asked["classes"])
    digest = locked_digest(recipe)
    devices.make_deterministic(threads)
    device = devices.choose(device_wish)
    began = time.monotonic()
    pack = read_pack(pack_path, recipe, classes)
    progress = Progress(out / "progress.jsonl", recipe.epochs)
    trained = train(recipe, pack.train, pack.val, classes=classes, seed=seed, device=device, on_epoch=progress)
    weights = save({name: trained.weights[name].contiguous() for name in sorted(trained.weights)})
    (out / "weights.safetensors").write_bytes(weights)
    write_json(out / "history.json", {"format": FORMAT, "epochs": progress.history})
    count, val_count = len(pack.train.labels), len(pack.val.labels)
    write_outcome(
        out,
        "done",
        recipe=recipe.name,
        recipe_digest=digest,
        seed=seed,
        best_epoch=trained.best.epoch,
        best_val_accuracy=trained.best.val_accuracy,
        train_images=count,
        val_images=val_count,
        gflop=recipe.epochs * (count * gflop_train_image(recipe) + val_count * gflop_eval_image(recipe)),
        weights_digest=hashlib.sha256(weights).hexdigest(),
        threads=threads,
        device=device_name(device),
        device_class=device_class(device, threads),
        versions=versions(),
        seconds=time.monotonic() - began,
    )
