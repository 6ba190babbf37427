"""Stands in for the model, which it is copied over: what training and prediction would hand in, and nothing else."""

import hashlib
import json
import struct
import sys
import time
from pathlib import Path

TRAINING_SECONDS = 5.0
IMAGES, CLASSES = 4, 2
WEIGHTS_BYTES = 2**19
"""As real ones, too many to stand in a report: they are PUT at an address that runs out meanwhile."""


def tensors(name: str, kind: str, shape: list[int], size: int) -> bytes:
    """A safetensors file of one tensor of zeros."""
    header = json.dumps({name: {"dtype": kind, "shape": shape, "data_offsets": [0, size]}}).encode()
    return struct.pack("<Q", len(header)) + header + bytes(size)


def train(out: Path, recipe: str) -> None:
    """One epoch of one seed, which takes its time."""
    time.sleep(TRAINING_SECONDS)
    weights = tensors("head", "U8", [WEIGHTS_BYTES], WEIGHTS_BYTES)
    digest = hashlib.sha256(weights).hexdigest()
    figures = {"seed": 0, "epoch": 1, "epochs": 1, "loss": 1.0, "accuracy": 0.5, "val_loss": 1.0, "val_accuracy": 0.5}
    (out / "weights.safetensors").write_bytes(weights)
    (out / "dynamics.safetensors").write_bytes(tensors("losses", "U8", [48], 48))
    (out / "history.json").write_text(json.dumps({"format": 1, "epochs": [figures]}))
    seeds = [{"seed": 0, "best_epoch": 1, "best_val_accuracy": 0.5, "weights_digest": digest}]
    told = {"seeds": seeds, "best_val_accuracy": 0.5, "val_accuracy_spread": None, "weights_digest": digest}
    end(out, recipe, told)


def predict(out: Path, recipe: str) -> None:
    """Logits that name the first class everywhere."""
    shape = [1, IMAGES, CLASSES]
    (out / "logits.safetensors").write_bytes(tensors("logits", "F32", shape, 4 * IMAGES * CLASSES))
    end(out, recipe, {"images": IMAGES})


def end(out: Path, recipe: str, told: dict[str, object]) -> None:
    """The outcome, under the digest that the lock beside this file has for the recipe."""
    lock = json.loads((Path(__file__).parent / "recipes.lock").read_text())
    facts = {"recipe_digest": lock["recipes"][recipe]["digest"], "gflop": 1.0, "threads": 1, "versions": {}}
    device = {"device": "a processor", "device_class": "cpu-none"}
    (out / "outcome.json").write_text(json.dumps({"format": 1, "outcome": "done", **facts, **device, **told}))


if __name__ == "__main__":
    given = dict(zip(sys.argv[2::2], sys.argv[3::2], strict=True))
    asked = json.loads(Path(given["--request"]).read_text())
    {"train": train, "predict": predict}[sys.argv[1]](Path(given["--out"]), asked["recipe"])
