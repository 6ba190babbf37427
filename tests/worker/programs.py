"""Programs for the fake sandbox: what fixed_model would write, and what it never should."""

from __future__ import annotations

import hashlib
import json
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from worker.contract import Phase
from worker.sandbox import Exit, Outcome
from worker.sandbox.fake import Call, Plan

DIGEST = "d" * 64
VERSIONS = {"python": "3.11.7", "torch": "2.14.1"}


def tensors(**arrays: int) -> bytes:
    """A safetensors file whose tensors are so many zero bytes."""
    header, end = {}, 0
    for name, size in arrays.items():
        header[name] = {"dtype": "U8", "shape": [size], "data_offsets": [end, end + size]}
        end += size
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + bytes(end)


WEIGHTS = tensors(head=64)
DYNAMICS = tensors(losses=48)
LOGITS = tensors(logits=80)
DEVICE = {"device": "a processor", "device_class": "cpu-none"}
PACK = tensors(images=96)
SHEET = b"\x89PNG and so on"


def epoch(number: int, epochs: int = 3, seed: int = 0) -> dict[str, Any]:
    return {
        "seed": seed,
        "epoch": number,
        "epochs": epochs,
        "loss": 2.0 / number,
        "accuracy": 0.5,
        "val_loss": 2.1,
        "val_accuracy": 0.1 * number,
    }


def ended(outcome: Outcome = Outcome.OK, **facts: Any) -> Exit:
    given: dict[str, Any] = {"wall_seconds": 1.5, "cpu_seconds": 1.8, "peak_memory_bytes": 1000, "log": ""}
    return Exit(outcome, 0 if outcome is Outcome.OK else None, **given | facts)


def write(folder: Path, name: str, value: dict[str, Any]) -> None:
    (folder / name).write_text(json.dumps({"format": 1, **value}))


def ingest(call: Call) -> Exit:
    (call.output / "pack.safetensors").write_bytes(PACK)
    (call.output / "sheet.png").write_bytes(SHEET)
    write(call.output, "manifest.json", {"images": []})
    write(call.output, "outcome.json", {"outcome": "done", "images": 2, "dataset_digest": "ab"})
    return ended()


def train(call: Call) -> Exit:
    with (call.output / "progress.jsonl").open("a") as lines:
        for number in (1, 2, 3):
            lines.write(json.dumps(epoch(number)) + "\n")
    return trained(call)


def trained(call: Call) -> Exit:
    """What training leaves at its end."""
    write(call.output, "history.json", {"epochs": [epoch(number) for number in (1, 2, 3)]})
    (call.output / "weights.safetensors").write_bytes(WEIGHTS)
    (call.output / "dynamics.safetensors").write_bytes(DYNAMICS)
    facts = {"recipe_digest": DIGEST, "threads": 2, "versions": VERSIONS, **DEVICE}
    digest = hashlib.sha256(WEIGHTS).hexdigest()
    seeds = [{"seed": 0, "best_epoch": 3, "best_val_accuracy": 0.3, "weights_digest": digest}]
    means = {"best_val_accuracy": 0.3, "val_accuracy_spread": None}
    write(call.output, "outcome.json", {"outcome": "done", "weights_digest": digest, "seeds": seeds, **means, **facts})
    return ended()


def predict(call: Call) -> Exit:
    (call.output / "logits.safetensors").write_bytes(LOGITS)
    facts = {"recipe_digest": DIGEST, "threads": 2, "versions": VERSIONS, **DEVICE}
    write(call.output, "outcome.json", {"outcome": "done", "images": 2, **facts})
    return ended()


def program(**instead: Plan) -> Plan:
    """The well-behaved program, with some phases played otherwise."""
    plans: dict[str, Plan] = {"ingest": ingest, "train": train, "predict": predict, **instead}

    def play(call: Call) -> Exit:
        return plans[Phase(call.command[3])](call)

    return play


def after(change: Callable[[Path], object], plan: Plan) -> Plan:
    """A phase played well, whose output folder is then changed."""

    def play(call: Call) -> Exit:
        end = plan(call)
        change(call.output)
        return end

    return play


def until_stopped(call: Call, seconds: float = 20.0) -> Exit:
    """A program that runs until it is killed, as a sandbox would."""
    began = time.monotonic()
    call.stop.wait(seconds)
    return ended(Outcome.CANCELLED, wall_seconds=time.monotonic() - began)
