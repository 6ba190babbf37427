"""Making a task out of a bundle: everything is checked before anything of it is kept."""

import shutil
from collections.abc import Callable
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fixpoint.accounts.models import User
from fixpoint.blobs.arriving import taking_folder
from fixpoint.blobs.store import Stored, blob_take
from fixpoint.figures import whole
from fixpoint.tasks.bundle_fields import TaskBundle
from fixpoint.tasks.bundle_problems import BundleError, Problem
from fixpoint.tasks.durations import overlong
from fixpoint.tasks.from_bundle import organizers_named, phases_of, task_of
from fixpoint.tasks.hidden_archive import HiddenArchiveError, HiddenEntry, neutral_archive
from fixpoint.tasks.material_checks import bundle_file_problems
from fixpoint.tasks.models import Baseline, HiddenImage, Material, Phase, Task
from fixpoint.tasks.services import material_pack
from fixpoint.tasks.split import one_sided, public_numbers

_MIB = 2**20
_LOGITS_BYTES = 256 * _MIB
"""Float32 of every seed, hidden image and class: the platform reads them into memory to score them."""


class TaskExistsError(Exception):
    """The slug is taken."""


def task_create(
    *,
    bundle: TaskBundle,
    publishes: bool = True,
    maker: User | None = None,
    created: Callable[[Task], None] | None = None,
) -> Task:
    """Store a bundle as a new task and send its material to a worker; it opens by itself when that is packed.

    Where it is not published it stays a draft. `maker` runs it too, and owns its baselines; `created` is called in the
    transaction that keeps it. TaskExistsError if the slug is taken; HiddenArchiveError with every reason if the hidden
    zip does not fit; BundleError if other zips do not (with those of the hidden one), if a run would take too long, its
    logits too much room, or a class cannot be split.
    """
    if Task.objects.filter(slug=bundle.slug).exists():
        raise TaskExistsError(
            _("A task %(slug)s exists already: choose another slug, or delete it first.") % {"slug": f"{bundle.slug!r}"}
        )
    task = task_of(bundle)
    task.published_at = timezone.now() if publishes else None
    if problem := overlong(task, task.seeds):
        raise BundleError([problem])
    with taking_folder() as scratch:
        flat = scratch / "hidden.zip"
        entries, public = _all_read(bundle, task, flat)
        hidden = blob_take(flat)
        book = _copied(bundle.label_book, scratch) if bundle.label_book else None
        if bundle.training_data:
            task.training_data_sha256 = _copied(bundle.training_data, scratch).sha256
        baselines = [_copied(each.zip, scratch) for each in bundle.baselines]
    organizers = list(dict.fromkeys([*([maker] if maker else []), *organizers_named(bundle)]))
    with transaction.atomic():
        task.save(force_insert=True)
        task.organizers.set(organizers)
        Phase.objects.bulk_create(phases_of(bundle, task))
        HiddenImage.objects.bulk_create([_hidden_image(task, entry, entry.number in public) for entry in entries])
        material_pack(task=task, role=Material.Role.HIDDEN, archive=hidden)
        if book:
            material_pack(task=task, role=Material.Role.LABEL_BOOK, archive=book)
        for each, stored in zip(bundle.baselines, baselines, strict=True):
            Baseline.objects.create(
                task=task, owner=organizers[0], name=each.name, role=each.role, archive_sha256=stored.sha256
            )
        if created:
            created(task)
    return task


def hidden_read(bundle: TaskBundle, task: Task, flat: Path) -> tuple[list[HiddenEntry], frozenset[int]]:
    """Write the neutral archive to `flat`; what it hides, and the numbers of the public images. Raises as above."""
    key = bytes.fromhex(task.hidden_key)
    entries = neutral_archive(bundle.hidden_test, flat, classes=bundle.classes, key=key)
    public = public_numbers(entries, share=bundle.public_share, key=key)
    problems = one_sided(entries, public, bundle.classes) if bundle.public_share < 1 else []
    if problems := [*_overlarge(task, hidden=len(entries)), *problems]:
        raise BundleError(problems)
    return entries, public


def _all_read(bundle: TaskBundle, task: Task, flat: Path) -> tuple[list[HiddenEntry], frozenset[int]]:
    """The hidden images, if the other zips are right too; else what is wrong with any of them."""
    others = bundle_file_problems(bundle)
    try:
        read = hidden_read(bundle, task, flat)
    except (HiddenArchiveError, BundleError) as error:
        if not others:
            raise
        hidden = [Problem(("hidden_test",), says) for says in error.problems]
        raise BundleError([*hidden, *others]) from error
    if others:
        raise BundleError(others)
    return read


def _overlarge(task: Task, *, hidden: int) -> list[str]:
    size = 4 * task.seeds * hidden * len(task.classes)
    problem = _(
        "The logits (seeds × hidden images × classes: %(seeds)s × %(hidden)s × %(classes)s) "
        "take %(size)s MiB; %(most)s are allowed. Lower 'seeds', or hide fewer "
        "images."
    ) % {
        "seeds": task.seeds,
        "hidden": whole(hidden),
        "classes": whole(len(task.classes)),
        "size": whole(size // _MIB),
        "most": _LOGITS_BYTES // _MIB,
    }
    return [problem] if size > _LOGITS_BYTES else []


def _copied(source: Path, scratch: Path) -> Stored:
    copy = scratch / "copy"
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
