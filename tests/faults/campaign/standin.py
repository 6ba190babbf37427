"""Stands for the fixed model: reads and writes what docs/formats.md says, in a second, with the standard library alone.

It is copied as `fixed_model/__main__.py` into the image and the folder that the campaign's workers run. What it
predicts follows from the weights, and these from the dataset's pack: whoever knows its digest can check a score.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import struct
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

EPOCHS = 5
EPOCH_SECONDS = 0.2
PREDICT_SECONDS = "predict-seconds"
"""A file beside this one: how long a seed takes."""

INGEST_SECONDS = 0.4
WEIGHTS_BYTES = 256 * 1024
FACTS: dict[str, Any] = {
    "threads": 1,
    "device": "none",
    "device_class": "cpu-none",
    "versions": {"python": sys.version.split()[0]},
    "gflop": 1.0,
    "seconds": 1.0,
}


def weights_of(pack: str, seeds: list[int]) -> bytes:
    """What training on the pack of this digest leaves."""
    size = WEIGHTS_BYTES // len(seeds) * len(seeds)
    drawn = hashlib.shake_256(f"{pack}/{seeds}".encode()).digest(size)
    return tensors("weights", "U8", [len(seeds), WEIGHTS_BYTES // len(seeds)], drawn)


def guess(weights: str, layer: int, row: int, classes: int) -> int:
    """The class that weights of this digest, in the layer of one seed, predict for an image."""
    drawn = hashlib.sha256(f"{weights}/{layer}/{row}".encode()).digest()
    return int.from_bytes(drawn[:4], "big") % classes


def tensors(name: str, dtype: str, shape: list[int], data: bytes) -> bytes:
    """A safetensors file of one tensor."""
    header = json.dumps({name: {"dtype": dtype, "shape": shape, "data_offsets": [0, len(data)]}}).encode()
    return struct.pack("<Q", len(header)) + header + data


def ingest(request: dict[str, Any], archive: Path, out: Path) -> dict[str, Any]:
    """A pack of the images' digests: decoding them is the real model's business."""
    counts: dict[str, dict[str, int]] = {}
    rows = []
    with zipfile.ZipFile(archive) as zipped:
        for name in sorted(zipped.namelist()):
            *_, split, kind, _ = ["", "", *name.split("/")]
            counts.setdefault(split, {}).setdefault(kind, 0)
            counts[split][kind] += 1
            rows.append(hashlib.sha256(zipped.read(name)).digest())
    time.sleep(INGEST_SECONDS)
    data = b"".join(rows)
    (out / "pack.safetensors").write_bytes(tensors("images", "U8", [len(rows), 32], data))
    write(out / "manifest.json", {"images": []})
    (out / "looks.safetensors").write_bytes(tensors("grey", "U8", [len(rows), 16, 16], bytes(256 * len(rows))))
    if request["layout"] != "flat":
        (out / "thumbnails.safetensors").write_bytes(tensors("jpeg", "U8", [0], b""))
        (out / "sheet.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    sheet = {"sheet_cell": 48, "sheet_columns": 1, "sheet_rows": 1}
    found = {"clutter": 0, "decoded_megapixels": 0.1, "findings": [], "finding_counts": {}}
    digest = hashlib.sha256(data).hexdigest()
    return {"outcome": "done", "counts": counts, "images": len(rows), "dataset_digest": digest, **found, **sheet}


def train(request: dict[str, Any], pack: Path, out: Path, digest: str) -> dict[str, Any]:
    """Epochs that only take their time, one seed after the other, then the weights."""
    seeds = request["seeds"]
    epochs = [epoch(seed, number) for seed in seeds for number in range(1, EPOCHS + 1)]
    with (out / "progress.jsonl").open("w") as lines:
        for each in epochs:
            time.sleep(EPOCH_SECONDS)
            lines.write(json.dumps(each) + "\n")
            lines.flush()
    weights = weights_of(hashlib.sha256(pack.read_bytes()).hexdigest(), seeds)
    (out / "weights.safetensors").write_bytes(weights)
    (out / "dynamics.safetensors").write_bytes(tensors("seen", "U8", [8], bytes(8)))
    write(out / "history.json", {"epochs": epochs})
    found = hashlib.sha256(weights).hexdigest()
    told = [{"seed": seed, "best_epoch": 1, "best_val_accuracy": 0.5, "weights_digest": found} for seed in seeds]
    means = {"best_val_accuracy": 0.5, "val_accuracy_spread": None}
    return {"outcome": "done", "recipe_digest": digest, "seeds": told, "weights_digest": found, **means, **FACTS}


def predict(pack: Path, weights: Path, out: Path, digest: str) -> dict[str, Any]:
    """One-hot logits [S, N, 2] of what the weights guess."""
    images, seeds = first_size(pack, "images"), first_size(weights, "weights")
    found = hashlib.sha256(weights.read_bytes()).hexdigest()
    time.sleep(float(Path(__file__).with_name(PREDICT_SECONDS).read_text()) * seeds)
    guesses = [guess(found, layer, row, 2) for layer in range(seeds) for row in range(images)]
    data = b"".join(struct.pack("<2f", *(float(kind == each) for kind in range(2))) for each in guesses)
    (out / "logits.safetensors").write_bytes(tensors("logits", "F32", [seeds, images, 2], data))
    return {"outcome": "done", "recipe_digest": digest, "images": images, **FACTS}


def first_size(path: Path, name: str) -> int:
    """How many rows a tensor has."""
    with path.open("rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
    return int(header[name]["shape"][0])


def epoch(seed: int, number: int) -> dict[str, Any]:
    """One line of progress."""
    figures = {"loss": 1.0 / number, "accuracy": 0.5, "val_loss": 1.0, "val_accuracy": 0.5}
    return {"seed": seed, "epoch": number, "epochs": EPOCHS, **figures}


def write(path: Path, value: dict[str, Any]) -> None:
    """A JSON file of format 1."""
    path.write_text(json.dumps({"format": 1, **value}))


def main() -> None:
    """The command line of docs/formats.md."""
    parser = argparse.ArgumentParser()
    parser.add_argument("stage")
    for option in ("--request", "--archive", "--pack", "--weights", "--out"):
        parser.add_argument(option, type=Path)
    told = parser.parse_args()
    request = json.loads(told.request.read_text())
    lock = json.loads(Path(__file__).with_name("recipes.lock").read_text())
    digest = lock["recipes"][request["recipe"]]["digest"]
    if told.stage == "ingest":
        outcome = ingest(request, told.archive, told.out)
    elif told.stage == "train":
        outcome = train(request, told.pack, told.out, digest)
    else:
        outcome = predict(told.pack, told.weights, told.out, digest)
    write(told.out / "outcome.json", outcome)


if __name__ == "__main__":
    main()
