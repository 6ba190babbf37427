"""Datasets and material that the real ingest program read, kept by the real services: what a worker would have left."""

import json
from pathlib import Path

from fixed_model.ingest import ingest
from fixed_model.limits import Limits
from fixed_model.packing import Request
from fixpoint.accounts.models import User
from fixpoint.blobs.store import blob_take
from fixpoint.datasets.examination import dataset_examine
from fixpoint.datasets.models import Dataset
from fixpoint.datasets.services import dataset_accept
from fixpoint.tasks.models import Material, Task
from fixpoint.tasks.outcomes import Ingested
from tests.support.platform import SHA

LIMITS = Limits(10_000, 20_000_000, 50_000_000, 1 << 30, 1 << 32)
INPUT_SIZE = 32


def ingested_dataset(owner: User, task: Task, archive: Path, folder: Path, name: str = "mine") -> Dataset:
    """An accepted dataset out of a zip, not yet examined; `folder` is for what the program writes."""
    outcome, blobs = _read(archive, folder, "splits", task)
    dataset = Dataset.objects.create(
        owner=owner, task=task, name=name, status="ingesting", archive_sha256=SHA, archive_bytes=archive.stat().st_size
    )
    dataset_accept(dataset=dataset, outcome=Ingested.model_validate(outcome), blobs=blobs, provenance={})
    dataset.refresh_from_db()
    return dataset


def examined_dataset(owner: User, task: Task, archive: Path, folder: Path, name: str = "mine") -> Dataset:
    """The same with its pre-check."""
    dataset = ingested_dataset(owner, task, archive, folder, name)
    assert dataset_examine(dataset_id=dataset.pk)
    dataset.refresh_from_db()
    return dataset


def packed_material(task: Task, role: str, archive: Path, folder: Path) -> Material:
    """A label book of `<class>/…`, or hidden images under numbers."""
    _, blobs = _read(archive, folder, "flat" if role == Material.Role.HIDDEN else "classes", task)
    material, _ = Material.objects.update_or_create(
        task=task,
        role=role,
        defaults={
            "status": "ready",
            "archive_sha256": SHA,
            "pack_sha256": blobs["pack.safetensors"],
            "manifest_sha256": blobs["manifest.json"],
            "looks_sha256": blobs["looks.safetensors"],
            "thumbnails_sha256": blobs.get("thumbnails.safetensors", ""),
        },
    )
    return material


def read_outcome(archive: Path, out: Path, task: Task, layout: str = "splits") -> dict[str, object]:
    """What the program says of an archive; `out` is a folder that is not there yet."""
    out.mkdir()
    classes = [] if layout == "flat" else list(task.classes)
    ingest(Request(layout, classes, LIMITS, sheet_per_class=12, input_size=INPUT_SIZE), archive, out)
    outcome: dict[str, object] = json.loads((out / "outcome.json").read_bytes())
    return outcome


def _read(archive: Path, folder: Path, layout: str, task: Task) -> tuple[dict[str, object], dict[str, str]]:
    out = folder / f"out-{len(list(folder.iterdir()))}"
    outcome = read_outcome(archive, out, task, layout)
    assert outcome["outcome"] == "done", outcome
    files = [path for path in out.iterdir() if path.name != "outcome.json"]
    return outcome, {path.name: blob_take(path).sha256 for path in files}
