"""Rows of entries in every state, as the services would have left them, with times that can be set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import stdev
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from fixpoint.accounts.models import User
from fixpoint.datasets.models import Dataset, DatasetEnergy, Remark
from fixpoint.submissions.models import Epoch, Result, Run, Submission, SubmissionEnergy
from fixpoint.tasks.models import Task
from fixpoint.teams.services import team_ensure

PROVENANCE = {
    "sandbox": "docker",
    "image": "sha256:" + "5f" * 32,
    "device": "Intel Xeon Platinum 8592+",
    "device_class": "cpu-x86_64-avx512",
    "versions": {"python": "3.11.9", "torch": "2.14.1", "numpy": "2.4.6", "pillow": "13.0.0"},
    "threads": 2,
}
BAND = 0.25
"""Of what is measured at M1 on a host whose watts are set."""


@dataclass(frozen=True)
class Score:
    """What a scored entry shows."""

    accuracy: float = 0.75
    kwh: float = 0.004
    measured_kwh: float | None = 0.0051
    level: str = "M1"
    hidden: int = 1244


def entry_of(dataset: Dataset, *, at: datetime | None = None, seeds: Sequence[int] = (0,), **values: Any) -> Submission:
    """An entry that has just been made, or was at `at`."""
    entry = Submission.objects.create(
        task=dataset.task,
        dataset=dataset,
        owner=dataset.owner,
        team=team_ensure(user=dataset.owner, task=dataset.task),
        seeds=list(seeds),
        recipe=dataset.task.recipe,
        recipe_digest=dataset.task.recipe_digest,
        **values,
    )
    moment = at or timezone.now()
    set_time(entry, "created_at", moment)
    moved(entry, "", "queued", "entered", moment)
    return entry


def training(entry: Submission, curve: Sequence[tuple[float, float]], *, epochs: int = 100) -> Submission:
    """An entry in training, with one (loss, val accuracy) for each epoch that has ended, the same for each seed."""
    entry.status, entry.started_at = "training", entry.created_at + timedelta(seconds=9)
    entry.save()
    moved(entry, "queued", "training", "started by worker-1", entry.started_at)
    Epoch.objects.bulk_create(
        Epoch(
            submission=entry,
            attempt=entry.attempt,
            seed=seed,
            epoch=number,
            epochs=epochs,
            loss=loss,
            accuracy=min(1.0, accuracy + 0.08 * number / epochs),
            val_loss=loss * 1.15 + 0.1,
            val_accuracy=accuracy,
        )
        for seed in entry.seeds
        for number, (loss, accuracy) in enumerate(curve, start=1)
    )
    return entry


@transaction.atomic
def scored(entry: Submission, score: Score = Score(), *, best_epoch: int = 1) -> Submission:
    """The same entry with its result; its seeds lie 0.01 apart, around the score.

    Its state comes last: a page that looks on must find all the rest, be it on the very connection that writes.
    """
    start = entry.started_at or entry.created_at
    middle = (len(entry.seeds) - 1) / 2
    accuracies = [score.accuracy + 0.01 * (index - middle) for index in range(len(entry.seeds))]
    run = Run.objects.create(
        submission=entry,
        attempt=entry.attempt,
        weights_sha256="ab" * 32,
        history_sha256="cd" * 32,
        dynamics_sha256="dc" * 32,
        outcome={"outcome": "done"},
        provenance=PROVENANCE | {"seeds": entry.seeds},
    )
    moved(entry, "training", "predicting", "trained", start + timedelta(minutes=14))
    moved(entry, "predicting", "scored", "scored", start + timedelta(minutes=15))
    Result.objects.create(
        submission=entry,
        run=run,
        correct=correct_bits(accuracies, score.hidden),
        accuracy_public=score.accuracy,
        hidden_images=score.hidden,
        logits_sha256="ef" * 32,
        val_accuracy=0.9,
        spread=stdev(accuracies) if len(accuracies) > 1 else None,
        per_seed=[
            {
                "seed": seed,
                "accuracy": accuracy,
                "best_epoch": best_epoch + index,
                "val_accuracy": 0.9,
                "weights_digest": f"{index:02x}" * 32,
            }
            for index, (seed, accuracy) in enumerate(zip(entry.seeds, accuracies, strict=True))
        ],
        gflop=27900.0,
        standardised_kwh=score.kwh,
        measured_kwh=score.measured_kwh,
        measured_level=score.level if score.measured_kwh else "",
        measured_band=BAND if score.measured_kwh else None,
    )
    if score.measured_kwh:
        _energies(entry, score.measured_kwh, score.level)
    entry.status, entry.accuracy, entry.started_at, entry.ended_at = "scored", score.accuracy, start, start
    entry.save()
    return entry


def correct_bits(accuracies: Sequence[float], images: int) -> bytes:
    """Which images each seed got right, mostly the same easy ones for everybody."""
    hard = np.random.default_rng(1).random(images)
    rows = []
    for accuracy in accuracies:
        luck = np.random.default_rng(round(accuracy * 10_000)).random(images)
        right = np.zeros(images, dtype=bool)
        right[np.argsort(hard + 0.3 * luck)[: round(accuracy * images)]] = True
        rows.append(right)
    return np.packbits(rows, axis=1).tobytes()


def refused_dataset(owner: User, task: Task, reasons: dict[str, list[tuple[str, str]]]) -> Dataset:
    """A dataset that was refused: by rule, (path, detail) of every file."""
    total = sum(len(files) for files in reasons.values())
    dataset = Dataset.objects.create(
        owner=owner,
        task=task,
        name="first try",
        status="refused",
        archive_sha256="12" * 32,
        archive_bytes=4_123_456,
        images=40,
        clutter=3,
        counts={"train": {task.classes[0]: 30}, "val": {task.classes[0]: 10}},
        reason=f"Refused for {total:,} reasons: each is listed with what to do.",
        remark_counts={rule: len(files) for rule, files in reasons.items()},
    )
    Remark.objects.bulk_create(
        Remark(dataset=dataset, severity="refusal", rule=rule, path=path, detail=detail)
        for rule, files in reasons.items()
        for path, detail in files
    )
    return dataset


def set_time(row: Model, field: str, moment: datetime) -> None:
    """Set a time that Django writes by itself."""
    type(row)._default_manager.filter(pk=row.pk).update(**{field: moment})
    setattr(row, field, moment)


def moved(entry: Submission, old: str, new: str, why: str, at: datetime) -> None:
    """A transition at a time."""
    change = entry.transitions.create(attempt=entry.attempt, from_status=old, to_status=new, why=why, who="worker")
    set_time(change, "at", at)


def _energies(entry: Submission, kwh: float, level: str) -> None:
    method = "cgroup CPU-seconds × 5.47 W per core"
    DatasetEnergy.objects.update_or_create(
        dataset=entry.dataset,
        attempt=entry.dataset.attempt,
        phase="ingest",
        defaults=_reading(kwh * 0.01, level, method, 4.2),
    )
    for phase, part, seconds in (("train", 0.97, 842.0), ("predict", 0.02, 5.1)):
        SubmissionEnergy.objects.create(
            submission=entry, attempt=entry.attempt, phase=phase, **_reading(kwh * part, level, method, seconds)
        )


def _reading(kwh: float, level: str, method: str, seconds: float) -> dict[str, Any]:
    return {
        "seconds": seconds,
        "level": level,
        "method": method,
        "kwh": kwh,
        "cpu_kwh": kwh,
        "cpu_seconds": seconds * 2,
        "codecarbon_kwh": kwh * 1.9,
        "band": BAND,
    }
