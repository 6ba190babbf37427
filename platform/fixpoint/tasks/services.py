"""Following a task's material until it opens, and its close."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fixpoint.blobs.store import Stored
from fixpoint.dispatch.sending import attempt_open
from fixpoint.sayings.saying import said
from fixpoint.states import status_change
from fixpoint.tasks.models import Material, Task
from fixpoint.tasks.running import runners_tell
from worker.contract import Kind


class TaskNotReadyError(Exception):
    """It is being prepared, or could not be."""


@transaction.atomic
def task_close(*, task: Task, who: str) -> bool:
    """Take no more entries, or only late ones: from now on the private scores are told and decide.

    False if it was over already, by a person, its date or its recipe. TaskNotReadyError where it never opened.
    """
    task.refresh_from_db(from_queryset=Task.objects.select_for_update())
    if task.status in Task.UNREADY:
        raise TaskNotReadyError(
            _("%(task)s is not ready (%(state)s): there is nothing to close.")
            % {"task": task, "state": task.get_status_display().lower()}
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
    material_send(material)
    return material


@transaction.atomic
def material_ready(
    *,
    material: Material,
    images: int,
    pack: str,
    sheet: str,
    manifest: str = "",
    looks: str = "",
    thumbnails: str = "",
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
        "thumbnails_sha256": thumbnails if material.role == Material.Role.LABEL_BOOK else "",
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
    if material.tries >= settings.MAX_ATTEMPTS:
        _give_up(material, why)
        return
    if status_change(material, to="ingesting", why=why, attempt=material.attempt + 1):
        material_send(material)


@transaction.atomic
def material_retire(*, material: Material, why: str) -> None:
    """The recipe was retired while it waited: nobody can pack it any more, and the task does not open."""
    _give_up(material, why)


def _give_up(material: Material, why: str) -> None:
    if status_change(material, to="error", why=why, reason=why):
        Task.objects.filter(pk=material.task_id).update(status=Task.Status.ERROR)
        runners_tell(
            task=material.task,
            subject=lambda: _("%(task)s does not open") % {"task": material.task},
            text=lambda: (
                _("%(material)s: packing it was given up. %(why)s")
                % {"material": material.get_role_display(), "why": said(why)}
            ),
            path=f"/tasks/{material.task.slug}/",
        )


def material_send(material: Material) -> None:
    """Its attempt, as it stands in its row, to the workers."""
    queue = material.task.queue(Kind.INGEST)
    attempt_open(
        handler="material",
        kind=Kind.INGEST,
        subject_id=material.pk,
        number=material.attempt,
        queue=queue,
        tries=material.tries,
    )
