"""Making a task out of a bundle, and following its material until the task opens."""

import shutil
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from fixpoint.blobs.arriving import taking_folder
from fixpoint.blobs.store import Stored, blob_take
from fixpoint.dispatch.sending import attempt_open
from fixpoint.states import status_change
from fixpoint.tasks.bundle import BundleError, TaskBundle
from fixpoint.tasks.durations import overlong
from fixpoint.tasks.from_bundle import task_of
from fixpoint.tasks.hidden_archive import HiddenEntry, neutral_archive
from fixpoint.tasks.models import HiddenImage, Material, Task
from fixpoint.tasks.running import runners_tell
from fixpoint.tasks.split import one_sided, public_numbers
from worker.contract import Kind

_MIB = 2**20
_LOGITS_BYTES = 256 * _MIB
"""Float32 of every seed, hidden image and class: the platform reads them into memory to score them."""


class TaskExistsError(Exception):
    """The slug is taken."""


class TaskNotReadyError(Exception):
    """It is being prepared, or could not be."""


def task_create(*, bundle: TaskBundle) -> Task:
    """Store a bundle as a new task and send its material to a worker; it opens by itself when that is packed.

    TaskExistsError if the slug is taken; HiddenArchiveError with every reason if the hidden zip does not fit;
    BundleError if a run would take too long, its logits too much room, or a class cannot be split.
    """
    if Task.objects.filter(slug=bundle.slug).exists():
        raise TaskExistsError(f"A task {bundle.slug!r} exists already: choose another slug, or delete it first.")
    task = task_of(bundle)
    if problem := overlong(task, task.seeds):
        raise BundleError([problem])
    with taking_folder() as scratch:
        flat = scratch / "hidden.zip"
        key = bytes.fromhex(task.hidden_key)
        entries = neutral_archive(bundle.hidden_test, flat, classes=bundle.classes, key=key)
        public = public_numbers(entries, share=bundle.public_share, key=key)
        problems = one_sided(entries, public, bundle.classes) if bundle.public_share < 1 else []
        if problems := [*_overlarge(task, hidden=len(entries)), *problems]:
            raise BundleError(problems)
        hidden = blob_take(flat)
        book = _copied(bundle.label_book, scratch) if bundle.label_book else None
        if bundle.training_data:
            task.training_data_sha256 = _copied(bundle.training_data, scratch).sha256
    with transaction.atomic():
        task.save(force_insert=True)
        HiddenImage.objects.bulk_create([_hidden_image(task, entry, entry.number in public) for entry in entries])
        material_pack(task=task, role=Material.Role.HIDDEN, archive=hidden)
        if book:
            material_pack(task=task, role=Material.Role.LABEL_BOOK, archive=book)
    return task


@transaction.atomic
def task_close(*, task: Task, who: str) -> bool:
    """Take no more entries, or only late ones: from now on the private scores are told and decide.

    False if it was over already, by a person, its date or its recipe. TaskNotReadyError where it never opened.
    """
    task.refresh_from_db(from_queryset=Task.objects.select_for_update())
    if task.status in Task.UNREADY:
        raise TaskNotReadyError(
            f"{task} is not ready ({task.get_status_display().lower()}): there is nothing to close."
        )
    if task.phase == Task.Status.CLOSED:
        return False
    task.status, task.closes_at, task.closed_by = Task.Status.CLOSED, timezone.now(), who[:150]
    task.board_number += 1  # under the lock of its row, as all changes of a board
    task.save(update_fields=["status", "closes_at", "closed_by", "board_number"])
    return True


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
        runners_tell(
            task=material.task,
            subject=f"{material.task} does not open",
            text=f"{material.get_role_display()}: packing it was given up. {why}",
            path=f"/tasks/{material.task.slug}/",
        )


def _send(material: Material) -> None:
    queue = material.task.queue(Kind.INGEST)
    attempt_open(handler="material", kind=Kind.INGEST, subject_id=material.pk, number=material.attempt, queue=queue)


def _overlarge(task: Task, *, hidden: int) -> list[str]:
    size = 4 * task.seeds * hidden * len(task.classes)
    problem = (
        f"The logits (seeds × hidden images × classes: {task.seeds} × {hidden:,} × {len(task.classes):,}) take "
        f"{size // _MIB:,} MiB; {_LOGITS_BYTES // _MIB} are allowed. Lower 'seeds', or hide fewer images."
    )
    return [problem] if size > _LOGITS_BYTES else []


def _copied(source: Path, scratch: Path) -> Stored:
    copy = scratch / source.name
    shutil.copyfile(source, copy)
    return blob_take(copy)


def _hidden_image(task: Task, entry: HiddenEntry, is_public: bool) -> HiddenImage:
    return HiddenImage(
        task=task,
        number=entry.number,
        name=entry.original_name[:500],
        label=entry.label,
        sha256=entry.sha256,
        is_public=is_public,
    )
