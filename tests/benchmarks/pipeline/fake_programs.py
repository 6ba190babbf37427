"""Programs for the fake sandbox that end at once with outputs that the platform can score."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save

from fixpoint.recipes import recipe_facts
from tests.worker.programs import DEVICE, DYNAMICS, VERSIONS, WEIGHTS, ended, epoch, write
from worker.commands import OPTIONS, inside
from worker.contract import Phase
from worker.sandbox import Exit
from worker.sandbox.fake import Call

DIGEST = hashlib.sha256(WEIGHTS).hexdigest()
EPOCHS = 2


def hidden_pack(images: int, classes: int) -> bytes:
    """What stands for the packed hidden images: all that the fake prediction must know of them."""
    return json.dumps({"images": images, "classes": classes}).encode()


def play(call: Call) -> Exit:
    """Trains or predicts as fast as files can be written."""
    phase = Phase(call.command[3])
    request = json.loads(_source(call, "request.json").read_bytes())
    return {Phase.TRAIN: _train, Phase.PREDICT: _predict}[phase](call, request)


def _train(call: Call, request: dict[str, Any]) -> Exit:
    epochs = [epoch(number, EPOCHS, seed) for seed in request["seeds"] for number in range(1, EPOCHS + 1)]
    (call.output / "progress.jsonl").write_text("".join(json.dumps(each) + "\n" for each in epochs))
    write(call.output, "history.json", {"epochs": epochs})
    (call.output / "weights.safetensors").write_bytes(WEIGHTS)
    (call.output / "dynamics.safetensors").write_bytes(DYNAMICS)
    kept = {"best_epoch": 1, "best_val_accuracy": 0.5, "weights_digest": DIGEST}
    seeds = [{"seed": seed, **kept} for seed in request["seeds"]]
    return _done(call, request, weights_digest=DIGEST, seeds=seeds, best_val_accuracy=0.5)


def _predict(call: Call, request: dict[str, Any]) -> Exit:
    hidden = json.loads(_source(call, OPTIONS[Phase.PREDICT]["--pack"]).read_bytes())
    logits = np.zeros((1, hidden["images"], hidden["classes"]), dtype=np.float32)
    (call.output / "logits.safetensors").write_bytes(save({"logits": logits}))
    return _done(call, request, images=hidden["images"])


def _done(call: Call, request: dict[str, Any], **facts: Any) -> Exit:
    digest = recipe_facts(request["recipe"]).digest
    told = {"outcome": "done", "recipe_digest": digest, "threads": 2, "versions": VERSIONS, **DEVICE, **facts}
    write(call.output, "outcome.json", told)
    return ended()


def _source(call: Call, name: str) -> Path:
    [found] = [mount.source for mount in call.mounts if mount.target in {inside(name), f"/in/{name}"}]
    return found
