"""A task as a bundle again: the YAML and all zips, the hidden test with its original names, in one zip or a folder."""

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

from fixpoint.blobs.store import blob_open
from fixpoint.tasks.bundle_text import fields_written
from fixpoint.tasks.from_bundle import BOOK, HIDDEN, TRAINING, bundle_fields, bundle_of
from fixpoint.tasks.hidden_archive import NEUTRAL_TIME
from fixpoint.tasks.models import Material, Task

YAML = "task.yaml"


def bundle_text(task: Task) -> str:
    """The YAML alone; it holds the hidden key, so that an import parts the hidden images as they are parted here."""
    return fields_written(bundle_fields(bundle_of(task)))


def bundle_write(task: Task, folder: Path) -> Path:
    """Write everything into `folder`, which is made if it is missing; returns the YAML's path."""
    folder.mkdir(parents=True, exist_ok=True)
    hidden_write(task, folder / HIDDEN)
    for name, sha256 in _blobs(task):
        with blob_open(sha256) as source, (folder / name).open("wb") as target:
            shutil.copyfileobj(source, target)
    (folder / YAML).write_text(bundle_text(task), encoding="utf-8", newline="\n")
    return folder / YAML


def bundle_zip(task: Task, target: Path, scratch: Path) -> None:
    """The same as one zip, whose parts are stored as they are."""
    bundle_write(task, scratch)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(scratch.iterdir()):
            with path.open("rb") as source, archive.open(zipfile.ZipInfo(path.name, NEUTRAL_TIME), "w") as part:
                shutil.copyfileobj(source, part)


def hidden_write(task: Task, target: Path) -> None:
    """The hidden images under the names and in the folders that they came in, sorted by name."""
    hidden = task.materials.get(role=Material.Role.HIDDEN)
    with (
        blob_open(hidden.archive_sha256) as file,
        zipfile.ZipFile(file) as neutral,
        zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive,
    ):
        for number, name in sorted(task.hidden_images.values_list("number", "name"), key=lambda each: each[1]):
            archive.writestr(zipfile.ZipInfo(name, NEUTRAL_TIME), neutral.read(f"{number:06d}"))


def _blobs(task: Task) -> Iterator[tuple[str, str]]:
    if book := task.materials.filter(role=Material.Role.LABEL_BOOK).first():
        yield BOOK.name, book.archive_sha256
    if task.training_data_sha256:
        yield TRAINING.name, task.training_data_sha256
    for n, each in enumerate(task.baselines.all(), start=1):
        yield f"baseline-{n}.zip", each.archive_sha256
