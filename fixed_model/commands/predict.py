"""`fixed-model predict`: weights and hidden images in, logits out."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save

from fixed_model import device as devices
from fixed_model.cost import gflop_eval_image
from fixed_model.endings import noted
from fixed_model.lock import locked_digest
from fixed_model.outcome import write_outcome
from fixed_model.pack import BadPackError, BadWeightsError, read_images, read_weights
from fixed_model.predict import predict
from fixed_model.recipe import RECIPES
from fixed_model.run import find_device, made_by


def main(arguments: list[str]) -> None:
    """Run the stage on files named by arguments."""
    parser = argparse.ArgumentParser(prog="fixed-model predict", description=__doc__)
    parser.add_argument("--request", type=Path, required=True, metavar="JSON", help="recipe, threads")
    parser.add_argument("--pack", type=Path, required=True, metavar="FILE", help="the images as packed by ingest")
    parser.add_argument("--weights", type=Path, required=True, metavar="FILE", help="the weights as written by train")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="an existing folder to write to")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    options = parser.parse_args(arguments)
    asked = json.loads(options.request.read_bytes())
    with noted(options.out, "logits.safetensors"):
        run(asked, options)


def run(asked: dict[str, Any], options: argparse.Namespace) -> None:
    """Predict as asked and write all that the stage promises."""
    recipe, threads = RECIPES[str(asked["recipe"])], int(asked["threads"])
    digest = locked_digest(recipe)
    devices.make_deterministic()
    device = find_device(options.device)
    began = time.monotonic()
    images = read_images(options.pack, recipe).to(device)
    if not len(images):
        raise BadPackError("it holds no images")
    seeds = read_weights(options.weights, recipe, device)  # one at a time: many of a large network are gigabytes
    logits = torch.stack([predict(weights, images, recipe) for weights in seeds]).cpu().contiguous()
    if not bool(logits.isfinite().all()):
        raise BadWeightsError("they lead to an output that is not a number")
    (options.out / "logits.safetensors").write_bytes(save({"logits": logits}))
    write_outcome(
        options.out,
        "done",
        recipe=recipe.name,
        recipe_digest=digest,
        images=len(images),
        gflop=len(logits) * len(images) * gflop_eval_image(recipe),
        threads=threads,
        **made_by(device),
        seconds=time.monotonic() - began,
    )
