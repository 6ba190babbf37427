"""The pre-check of an accepted dataset, worked out once and kept as rows."""

import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from fixpoint.blobs.away import StoreAwayError
from fixpoint.datasets.likeness import Directions, LooksError, directions, read_greys
from fixpoint.datasets.manifest import Image, ManifestError, manifest_of
from fixpoint.datasets.models import EXAMINE_JOB, Dataset, Finding, HiddenOverlap
from fixpoint.datasets.precheck.composition import composition
from fixpoint.datasets.precheck.copies import exact_copies, near_copies
from fixpoint.datasets.precheck.groups import Groups
from fixpoint.datasets.precheck.kinds import KINDS
from fixpoint.datasets.precheck.oddities import oddities
from fixpoint.datasets.precheck.overlap import Overlap, against_book, overlap
from fixpoint.datasets.selectors import datasets_unexamined
from fixpoint.dispatch.sending import own_job_send
from fixpoint.recipes import RetiredRecipeError, pinned_facts
from fixpoint.sayings.saying import said
from fixpoint.tasks.models import Material, Task
from fixpoint.tasks.running import runners_tell

log = logging.getLogger(__name__)


def dataset_examine(*, dataset_id: UUID) -> bool:
    """Work out and keep what there is to find, or why nothing could be; False where that is done already.

    Findings are of the dataset and the label book. What overlaps with the hidden set is kept apart from them, and
    read by nothing that a participant can reach. StoreAwayError costs no try.
    """
    dataset = datasets_unexamined().filter(pk=dataset_id).select_related("task").first()
    if dataset is None:
        return False
    if not _begin(dataset):
        return _give_up(dataset, f"None of {settings.MAX_ATTEMPTS} tries came to its end.")
    try:
        return _examined(dataset)
    except StoreAwayError:
        # A store that is away for an hour must not use up the tries.
        datasets_unexamined().filter(pk=dataset.pk).update(examine_tries=F("examine_tries") - 1)
        raise


def examinations_send() -> None:
    """Ask again for those that should be done by now, as when the broker was away: each a job of its own."""
    due = timezone.now() - timedelta(seconds=settings.EXAMINE_SECONDS)
    for pk in datasets_unexamined().filter(ended_at__lt=due).values_list("pk", flat=True):
        own_job_send(EXAMINE_JOB, str(pk), expires=settings.EXAMINE_SECONDS)


def _examined(dataset: Dataset) -> bool:
    try:
        images = manifest_of(dataset.manifest_sha256)
        greys = read_greys(dataset.looks_sha256, len(images))
    except (ManifestError, LooksError) as error:
        return _give_up(dataset, str(error))
    vectors = directions(greys)
    found = exact_copies(images) | near_copies(images, vectors)
    found |= oddities(images, greys, vectors, input_size=_input_size(dataset.task))
    if book := _collection(dataset.task, Material.Role.LABEL_BOOK):
        found |= against_book(images, vectors, *book)
    secret = _collection(dataset.task, Material.Role.HIDDEN)
    hidden = overlap(images, vectors, *secret) if secret else None
    return _keep(dataset, composition(images), found, hidden)


def _begin(dataset: Dataset) -> bool:
    """Counted before the work, so that what ends its process counts too; False where it was tried often enough."""
    unspent = datasets_unexamined().filter(pk=dataset.pk, examine_tries__lt=settings.MAX_ATTEMPTS)
    return unspent.update(examine_tries=F("examine_tries") + 1) == 1


@transaction.atomic
def _give_up(dataset: Dataset, why: str) -> bool:
    values = {"examined_at": timezone.now(), "examine_failure": why}
    if datasets_unexamined().filter(pk=dataset.pk).update(**values) != 1:
        return False
    log.error("The dataset %s cannot be examined: %s", dataset.pk, why)
    runners_tell(
        task=dataset.task,
        subject=lambda: _("A dataset of %(task)s could not be examined") % {"task": dataset.task},
        text=lambda: (
            _("The images of %(dataset)s could not be compared with each other, through no fault of its own. %(why)s")
            % {"dataset": dataset, "why": said(why)}
        ),
        path=f"/datasets/{dataset.pk}/",
    )
    return True


@transaction.atomic
def _keep(dataset: Dataset, parts: dict[str, object], found: dict[str, Groups], hidden: Overlap | None) -> bool:
    values = {"examined_at": timezone.now(), "composition": parts}
    if datasets_unexamined().filter(pk=dataset.pk).update(**values) != 1:
        return False
    Finding.objects.bulk_create(
        Finding(dataset=dataset, kind=kind.code, images=sum(map(len, groups)), groups=groups)
        for kind in KINDS
        if (groups := found.get(kind.code))
    )
    if hidden:
        HiddenOverlap.objects.create(
            dataset=dataset, exact=sorted(hidden.exact.items()), near=sorted(hidden.near.items())
        )
    return True


def _collection(task: Task, role: str) -> tuple[tuple[Image, ...], Directions] | None:
    """The images of a material; None where there is none, or none that was packed with its looks."""
    material = task.materials.filter(role=role).exclude(looks_sha256="").first()
    if material is None:
        return None
    try:
        images = manifest_of(material.manifest_sha256)
        return images, directions(read_greys(material.looks_sha256, len(images)))
    except (ManifestError, LooksError):
        log.exception("%s cannot be compared with.", material)
        return None


def _input_size(task: Task) -> int:
    try:
        return pinned_facts(task.recipe, task.recipe_digest).input_size
    except RetiredRecipeError:
        return 0
