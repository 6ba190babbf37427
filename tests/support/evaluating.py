"""An entry's way through a scripted worker, step by step: what several tests need before theirs begins."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save

from fixpoint.blobs.store import blob_take
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task
from tests.support.worker import ScriptedWorker, energy
from worker.contract import Delivered, Fact, Phase


def trained(seeds: Sequence[int] = (0,)) -> dict[str, Any]:
    """The training program's account of these seeds."""
    kept = {"best_epoch": 1, "best_val_accuracy": 0.5, "weights_digest": "ab" * 32}
    return {"best_val_accuracy": 0.5, "seeds": [{"seed": seed, **kept} for seed in seeds]}


TRAINED = trained()


def hold_packs(entry: Submission, folder: Path) -> None:
    """Put real blobs behind what the entry's dataset and its task's hidden material name."""
    entry.dataset.pack_sha256 = _held(b"a pack", folder)
    entry.dataset.save()
    hold_hidden_pack(entry.task, folder)


def hold_hidden_pack(task: Task, folder: Path) -> None:
    """The same for the hidden material alone."""
    task.materials.update(pack_sha256=_held(b"hidden images", folder))


def logits(*labels: list[int], classes: int = 2) -> bytes:
    """A file of logits that names these labels, a list for each seed."""
    return save({"logits": np.eye(classes, dtype=np.float32)[np.array(labels)]})


def start(worker: ScriptedWorker) -> None:
    """Claim and begin to train."""
    assert worker.claim().status_code == 200
    assert worker.report(Fact.STARTED, Phase.TRAIN).status_code == 200


def hand_in(worker: ScriptedWorker) -> tuple[Delivered, ...]:
    """Put all that training leaves."""
    files = {"weights.safetensors": b"weights", "history.json": b"{}", "dynamics.safetensors": b"dynamics"}
    return tuple(worker.put(name, data) for name, data in files.items())


def train(worker: ScriptedWorker) -> None:
    """Claim, train with the seeds that the claim asks for, hand in the weights."""
    start(worker)
    assert worker.claimed is not None
    account = trained(worker.claimed.stages[0].request["seeds"])
    answer = worker.report(
        Fact.TRAINED, Phase.TRAIN, delivered=hand_in(worker), energy=energy(Phase.TRAIN), result=account
    )
    assert answer.status_code == 200, answer.content


def predict(worker: ScriptedWorker, *labels: list[int]):
    """Hand in logits that name these labels, a list for each seed; the raw response to the report."""
    delivered = (worker.put("logits.safetensors", logits(*labels)),)
    return worker.report(Fact.PREDICTED, Phase.PREDICT, delivered=delivered, energy=energy(Phase.PREDICT))


def evaluate(worker: ScriptedWorker, *labels: list[int]) -> None:
    """All of it."""
    train(worker)
    assert predict(worker, *labels).status_code == 200


def _held(data: bytes, folder: Path) -> str:
    path = folder / "blob"
    path.write_bytes(data)
    return blob_take(path).sha256
