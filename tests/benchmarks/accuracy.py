"""`make accuracy`: the locked recipe on the real datasets, scored on the hidden half, as published in docs."""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from safetensors.numpy import load_file

from demo.strokes import NUMERALS
from tests.benchmarks.request import REQUEST

HIDDEN = "hidden-test-half"


def main() -> None:
    """One line of JSON a dataset."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", nargs="+", help="names of zips in FIXPOINT_REAL_DATA/roman, without .zip")
    parser.add_argument("--seeds", default="0")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--recipe", default="resnet50-dcai2021")
    parser.add_argument("--out", type=Path, default=Path("var/accuracy"))
    asked = parser.parse_args()
    data = Path(os.environ["FIXPOINT_REAL_DATA"]) / "roman"
    hidden = packed_hidden(data / f"{HIDDEN}.zip", asked.out / HIDDEN, asked.recipe)
    for name in asked.dataset:
        out = asked.out / name
        shutil.rmtree(out, ignore_errors=True)
        before, used, started = os.getloadavg()[0], cpu_seconds(), time.monotonic()
        options = ["--recipe", asked.recipe, "--seeds", asked.seeds, "--threads", str(asked.threads), "--out", str(out)]
        fixed_model("train", str(data / f"{name}.zip"), *options)
        took = {"seconds": round(time.monotonic() - started), "cpu_seconds": round(cpu_seconds() - used)}
        load = {"load_before_and_after": [round(before, 1), round(os.getloadavg()[0], 1)]}
        sys.stdout.write(json.dumps({"dataset": name, **scores(out, hidden, asked.recipe), **took, **load}) + "\n")
        sys.stdout.flush()


def packed_hidden(archive: Path, folder: Path, recipe: str) -> Path:
    """The pack of the hidden images, labels beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    request = REQUEST | {"recipe": recipe, "layout": "classes", "classes": list(NUMERALS)}
    (folder / "request.json").write_text(json.dumps(request))
    fixed_model("ingest", "--request", str(folder / "request.json"), "--archive", str(archive), "--out", str(folder))
    return folder / "pack.safetensors"


def scores(run: Path, hidden: Path, recipe: str) -> dict[str, object]:
    """What a run says of itself, and the accuracy of each of its seeds on the hidden images."""
    facts = json.loads((run / "outcome.json").read_bytes())
    judged = run / "hidden"
    judged.mkdir(exist_ok=True)
    (judged / "request.json").write_text(json.dumps({"recipe": recipe, "threads": 1}))
    files = ["--pack", str(hidden), "--weights", str(run / "weights.safetensors"), "--out", str(judged)]
    fixed_model("predict", "--request", str(judged / "request.json"), *files)
    right = load_file(judged / "logits.safetensors")["logits"].argmax(2) == load_file(hidden)["labels"]
    accuracies = right.mean(1).tolist()
    known = ("recipe_digest", "device_class", "device", "best_val_accuracy", "val_accuracy_spread", "train_images")
    return {
        "mean": statistics.mean(accuracies),
        "spread": statistics.stdev(accuracies) if len(accuracies) > 1 else None,
        "seeds": [
            seed | {"accuracy": one}
            for seed, one in zip(sorted(facts["seeds"], key=lambda one: one["seed"]), accuracies, strict=True)
        ],
        **{name: facts[name] for name in (*known, "val_images")},
    }


def fixed_model(*arguments: str) -> None:
    """The program itself, in a process of its own."""
    subprocess.run([sys.executable, "-m", "fixed_model", *arguments], check=True, stdout=sys.stderr)


def cpu_seconds() -> float:
    """Of all processes that were waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
