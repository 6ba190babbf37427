"""`fixed-model predict`: weights and hidden images in, logits out."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from safetensors.torch import save_file

from fixed_model import device as devices
from fixed_model.cost import gflop_eval_image
from fixed_model.lock import locked_digest
from fixed_model.outcome import write_outcome
from fixed_model.pack import BadPackError, BadWeightsError, read_images, read_network
from fixed_model.predict import predict
from fixed_model.provenance import device_name, versions
from fixed_model.recipe import RECIPES


def main(arguments: list[str]) -> None:
    """Run the stage on files named by arguments."""
    parser = argparse.ArgumentParser(prog="fixed-model predict", description=__doc__)
    parser.add_argument("--request", type=Path, required=True, metavar="JSON", help="recipe, threads")
    parser.add_argument("--pack", type=Path, required=True, metavar="FILE", help="the images as packed by ingest")
    parser.add_argument("--weights", type=Path, required=True, metavar="FILE", help="the weights as written by train")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="an existing folder to write to")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    options = parser.parse_args(arguments)
    try:
        run(json.loads(options.request.read_bytes()), options)
    except BadPackError as error:
        write_outcome(options.out, "failed", code="bad-pack", detail=f"The packed images cannot be used: {error}.")
    except BadWeightsError as error:
        write_outcome(options.out, "failed", code="bad-weights", detail=f"The weights cannot be used: {error}.")


def run(asked: dict[str, int | str], options: argparse.Namespace) -> None:
    """Predict as asked and write all that the stage promises."""
    recipe, threads = RECIPES[str(asked["recipe"])], int(asked["threads"])
    digest = locked_digest(recipe)
    devices.make_deterministic(threads)
    device = devices.choose(options.device)
    began = time.monotonic()
    images = read_images(options.pack, recipe)
    network = read_network(options.weights, recipe)
    if not len(images):
        raise BadPackError("it holds no images")
    logits = predict(network.to(device), images.to(device), recipe).cpu().contiguous()
    if not bool(logits.isfinite().all()):
        raise BadWeightsError("they lead to an output that is not a number")
    save_file({"logits": logits}, options.out / "logits.safetensors")
    write_outcome(
        options.out,
        "done",
        recipe=recipe.name,
        recipe_digest=digest,
        images=len(images),
        gflop=len(images) * gflop_eval_image(recipe),
        threads=threads,
        device=device_name(device),
        versions=versions(),
        seconds=time.monotonic() - began,
    )
