"""An entry's way through a scripted worker, step by step: what several tests need before theirs begins."""

from pathlib import Path

import numpy as np
from safetensors.numpy import save

from fixpoint.blobs.store import blob_take
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task
from tests.support.worker import ScriptedWorker, energy
from worker.contract import Fact, Phase

TRAINED = {"best_val_accuracy": 0.5, "best_epoch": 1}


def hold_packs(entry: Submission, folder: Path) -> None:
    """Put real blobs behind what the entry's dataset and its task's hidden material name."""
    entry.dataset.pack_sha256 = _held(b"a pack", folder)
    entry.dataset.save()
    hold_hidden_pack(entry.task, folder)


def hold_hidden_pack(task: Task, folder: Path) -> None:
    """The same for the hidden material alone."""
    task.materials.update(pack_sha256=_held(b"hidden images", folder))


def logits(labels: list[int], classes: int = 2) -> bytes:
    """A file of logits that names these labels."""
    return save({"logits": np.eye(classes, dtype=np.float32)[labels]})


def start(worker: ScriptedWorker) -> None:
    """Claim and begin to train."""
    assert worker.claim().status_code == 200
    assert worker.report(Fact.STARTED, Phase.TRAIN).status_code == 200


def train(worker: ScriptedWorker) -> None:
    """Claim, train, hand in the weights."""
    start(worker)
    delivered = (worker.put("weights.safetensors", b"weights"), worker.put("history.json", b"{}"))
    answer = worker.report(
        Fact.TRAINED, Phase.TRAIN, delivered=delivered, energy=energy(Phase.TRAIN), result=dict(TRAINED)
    )
    assert answer.status_code == 200, answer.content


def predict(worker: ScriptedWorker, labels: list[int]):
    """Hand in logits that name these labels; the raw response to the report."""
    delivered = (worker.put("logits.safetensors", logits(labels)),)
    return worker.report(Fact.PREDICTED, Phase.PREDICT, delivered=delivered, energy=energy(Phase.PREDICT))


def evaluate(worker: ScriptedWorker, labels: list[int]) -> None:
    """All of it."""
    train(worker)
    assert predict(worker, labels).status_code == 200


def _held(data: bytes, folder: Path) -> str:
    path = folder / "blob"
    path.write_bytes(data)
    return blob_take(path).sha256
