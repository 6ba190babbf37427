"""Making a task out of a bundle, and following its material until the task opens."""

import shutil
from pathlib import Path

from django.conf import settings
from django.db import transaction

from fixpoint.accounts.notices import organizers_tell
from fixpoint.blobs.arriving import taking_folder
from fixpoint.blobs.store import Stored, blob_take
from fixpoint.dispatch.sending import attempt_open
from fixpoint.energy.constants import CALIBRATION
from fixpoint.recipes import recipe_facts
from fixpoint.states import status_change
from fixpoint.tasks.bundle import BundleError, TaskBundle
from fixpoint.tasks.durations import overlong
from fixpoint.tasks.hidden_archive import HiddenEntry, neutral_archive
from fixpoint.tasks.models import HiddenImage, Material, Task
from worker.contract import Kind

_MIB, _GIB, _MEGAPIXEL = 2**20, 2**30, 1_000_000
_LOGITS_BYTES = 256 * _MIB
"""Float32 of every seed, hidden image and class: the platform reads them into memory to score them."""


class TaskExistsError(Exception):
    """The slug is taken."""


def task_create(*, bundle: TaskBundle) -> Task:
    """Store a bundle as a new task and send its material to a worker; it opens by itself when that is packed.

    TaskExistsError if the slug is taken; HiddenArchiveError with every reason if the hidden zip does not fit;
    BundleError if a run would take too long, or its logits too much room.
    """
    if Task.objects.filter(slug=bundle.slug).exists():
        raise TaskExistsError(f"A task {bundle.slug!r} exists already: choose another slug, or delete it first.")
    task = _task_of(bundle)
    if problem := overlong(task, task.seeds):
        raise BundleError([problem])
    with taking_folder() as scratch:
        flat = scratch / "hidden.zip"
        entries = neutral_archive(bundle.hidden_test, flat, classes=bundle.classes, key=bytes.fromhex(task.hidden_key))
        if problem := _overlarge(task, hidden=len(entries)):
            raise BundleError([problem])
        hidden = blob_take(flat)
        book = _copied(bundle.label_book, scratch) if bundle.label_book else None
        if bundle.training_data:
            task.training_data_sha256 = _copied(bundle.training_data, scratch).sha256
    with transaction.atomic():
        task.save(force_insert=True)
        HiddenImage.objects.bulk_create([_hidden_image(task, entry) for entry in entries])
        material_pack(task=task, role=Material.Role.HIDDEN, archive=hidden)
        if book:
            material_pack(task=task, role=Material.Role.LABEL_BOOK, archive=book)
    return task


def material_pack(*, task: Task, role: str, archive: Stored) -> Material:
    """Have one zip packed by a worker."""
    material = Material.objects.create(task=task, role=role, archive_sha256=archive.sha256)
    _send(material)
    return material


@transaction.atomic
def material_ready(
    *, material: Material, images: int, pack: str, sheet: str, manifest: str = "", looks: str = ""
) -> None:
    """The material is packed, each file of it a blob's digest; the task opens when all of it is."""
    Task.objects.select_for_update().get(pk=material.task_id)  # two materials ready at once: one sees the other's end
    expected = material.task.hidden_images.count()
    if material.role == Material.Role.HIDDEN and images != expected:
        reason = f"{images} of {expected} hidden images were packed."
        status_change(material, to="refused", why=reason, who="worker", reason=reason)
        Task.objects.filter(pk=material.task_id).update(status=Task.Status.ERROR)
        return
    values = {
        "images": images,
        "pack_sha256": pack,
        "sheet_sha256": sheet,
        "manifest_sha256": manifest,
        "looks_sha256": looks,
    }
    if not status_change(material, to="ready", why="packed", who="worker", **values):
        return
    waiting = Material.objects.filter(task=material.task_id).exclude(status=Material.Status.READY)
    if not waiting.exists():
        Task.objects.filter(pk=material.task_id, status=Task.Status.PREPARING).update(status=Task.Status.OPEN)


@transaction.atomic
def material_refuse(*, material: Material, reason: str) -> None:
    """The organizer's zip is at fault: the task says so and does not open."""
    if status_change(material, to="refused", why=reason, who="worker", reason=reason):
        Task.objects.filter(pk=material.task_id).update(status=Task.Status.ERROR)


@transaction.atomic
def material_retry(*, material: Material, why: str) -> None:
    """Our fault: a new attempt, or after the last one an error that an organizer sees."""
    if material.attempt >= settings.MAX_ATTEMPTS:
        _give_up(material, why)
        return
    if status_change(material, to="ingesting", why=why, attempt=material.attempt + 1):
        _send(material)


@transaction.atomic
def material_retire(*, material: Material, why: str) -> None:
    """The recipe was retired while it waited: nobody can pack it any more, and the task does not open."""
    _give_up(material, why)


def _give_up(material: Material, why: str) -> None:
    if status_change(material, to="error", why=why, reason=why):
        Task.objects.filter(pk=material.task_id).update(status=Task.Status.ERROR)
        organizers_tell(
            subject=f"{material.task} does not open",
            text=f"{material.get_role_display()}: packing it was given up. {why}",
            path=f"/tasks/{material.task.slug}/",
        )


def _send(material: Material) -> None:
    queue = material.task.queue(Kind.INGEST)
    attempt_open(handler="material", kind=Kind.INGEST, subject_id=material.pk, number=material.attempt, queue=queue)


def _task_of(bundle: TaskBundle) -> Task:
    limits = bundle.limits
    return Task(
        slug=bundle.slug,
        title=bundle.title,
        summary=bundle.summary,
        description=bundle.description,
        rules=bundle.rules,
        classes=list(bundle.classes),
        recipe=bundle.recipe,
        workers=bundle.workers,
        device=bundle.device,
        recipe_digest=recipe_facts(bundle.recipe).digest,
        seed=bundle.seed,
        seeds=bundle.seeds,
        accuracy_floor=bundle.accuracy_floor,
        grid_g_per_kwh=bundle.grid_g_per_kwh,
        pue=bundle.pue,
        calibration=CALIBRATION.version,
        max_images=limits.max_images,
        max_archive_bytes=int(limits.max_archive_mib * _MIB),
        max_image_bytes=int(limits.max_image_mib * _MIB),
        max_image_pixels=int(limits.max_image_megapixels * _MEGAPIXEL),
        ingest_seconds=limits.ingest_seconds,
        train_seconds=limits.train_seconds,
        predict_seconds=limits.predict_seconds,
        memory_bytes=int(limits.memory_gib * _GIB),
        cpus=limits.cpus,
        processes=limits.processes,
        entries_per_day=limits.entries_per_day,
        entries_total=limits.entries_total,
        max_storage_bytes=limits.max_storage_gib * _GIB,
        opens_at=bundle.opens_at,
        closes_at=bundle.closes_at,
    )


def _overlarge(task: Task, *, hidden: int) -> str:
    size = 4 * task.seeds * hidden * len(task.classes)
    if size <= _LOGITS_BYTES:
        return ""
    return (
        f"The logits (seeds × hidden images × classes: {task.seeds} × {hidden:,} × {len(task.classes):,}) take "
        f"{size // _MIB:,} MiB; {_LOGITS_BYTES // _MIB} are allowed. Lower 'seeds', or hide fewer images."
    )


def _copied(source: Path, scratch: Path) -> Stored:
    copy = scratch / source.name
    shutil.copyfile(source, copy)
    return blob_take(copy)


def _hidden_image(task: Task, entry: HiddenEntry) -> HiddenImage:
    return HiddenImage(
        task=task, number=entry.number, name=entry.original_name[:500], label=entry.label, sha256=entry.sha256
    )
