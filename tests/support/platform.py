"""Rows that stand for a task, a dataset and an entry, made by the real services where they can be."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from fixpoint.accounts.models import User
from fixpoint.datasets.models import Dataset
from fixpoint.energy.constants import CALIBRATION
from fixpoint.recipes import lock_file, recipe_facts
from fixpoint.tasks.models import HiddenImage, Material, Task
from tests.support.names import CLASSES, RECIPE

SHA = "0" * 64


def person(name: str, role: str = "participant") -> User:
    """A user with a password that everybody knows."""
    return User.objects.create_user(name, f"{name}@example.org", "correct horse battery", role=role)


def open_task(slug: str = "numerals", hidden: int = 4, **values: object) -> Task:
    """A task that takes entries, with `hidden` images labelled in turn."""
    facts = recipe_facts(RECIPE)
    defaults: dict[str, object] = {
        "title": "Numerals",
        "classes": CLASSES,
        "status": Task.Status.OPEN,
        "recipe": facts.name,
        "recipe_digest": facts.digest,
        "grid_g_per_kwh": 445.0,
        "calibration": CALIBRATION.version,
        "max_archive_bytes": 10 * 2**20,
        "max_image_bytes": 2**20,
        "max_image_pixels": 10**6,
        "train_seconds": 60,
        "memory_bytes": 2**30,
        "entries_per_day": 3,
        "entries_total": 10,
    }
    task = Task.objects.create(slug=slug, **(defaults | values))
    HiddenImage.objects.bulk_create(
        HiddenImage(task=task, number=n + 1, name=f"{n}.png", label=n % len(CLASSES), sha256=SHA) for n in range(hidden)
    )
    Material.objects.create(
        task=task, role="hidden", status="ready", archive_sha256=SHA, pack_sha256=SHA, images=hidden
    )
    return task


def retire(
    task: Task, folder: Path, monkeypatch: pytest.MonkeyPatch, reason: str = "A network of it was wrong."
) -> str:
    """Lock other recipes from here on, with the one that `task` pins declared retired; returns its digest."""
    lock = json.loads(lock_file().read_text())
    lock["recipes"][task.recipe]["digest"] = "e" * 64
    lock["retired"][task.recipe_digest] = {"recipe": task.recipe, "reason": reason, "retired_on": "2026-11-22"}
    path = folder / "retired.lock"
    path.write_text(json.dumps(lock))
    monkeypatch.setattr("fixpoint.recipes.lock_file", lambda: path)
    return task.recipe_digest


def accepted_dataset(owner: User, task: Task, name: str = "mine", images: int = 8) -> Dataset:
    """A dataset as it stands after a worker has packed it."""
    per_class = dict.fromkeys(task.classes, images // 4)
    return Dataset.objects.create(
        owner=owner,
        task=task,
        name=name,
        status="accepted",
        archive_sha256=SHA,
        archive_bytes=1000,
        images=images,
        counts={"train": per_class, "val": per_class},
        decoded_megapixels=0.1,
        digest=SHA,
        pack_sha256=SHA,
        manifest_sha256=SHA,
    )


def zip_of(files: dict[str, bytes]) -> bytes:
    """A zip with these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def write_zip(path: Path, files: dict[str, bytes]) -> Path:
    """The same as a file."""
    path.write_bytes(zip_of(files))
    return path
