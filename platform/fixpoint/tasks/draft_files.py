"""Files of drafts: what they are for, what each must be, and taking one, by whichever way it came."""

from collections.abc import Callable
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fixpoint.archives.directory import NotAZipError, TooManyEntriesError, read_directory
from fixpoint.blobs.store import Stored, blob_take
from fixpoint.sayings.saying import said
from fixpoint.tasks.bundle_fields import MOST_BASELINES
from fixpoint.tasks.hidden_archive import MAX_ENTRIES
from fixpoint.tasks.models import Baseline, Draft, DraftFile

BASELINE = "baseline"
STEP_OF = {"label_book": "what", "hidden_test": "data", "training_data": "data", BASELINE: "data"}
"""The fields that are files, and the step of the wizard where each stands."""


class UnreadableZipError(Exception):
    """Its directory cannot be read; the message says what to do."""


class DraftFullError(Exception):
    """A task has no more baselines than the draft has already; the message says what to do."""


class DraftOverError(Exception):
    """The draft was deleted, or is a task by now."""


def expect_zip(path: Path, name: str) -> None:
    """Raises UnreadableZipError where the file, which its sender calls so, is nothing that a draft keeps."""
    try:
        read_directory(path, max_entries=MAX_ENTRIES)
    except (NotAZipError, TooManyEntriesError) as error:
        says = _("“%(name)s” cannot be read as a zip: %(why)s. Pack it again, and choose the new file.")
        raise UnreadableZipError(says % {"name": name, "why": said(str(error))}) from error


def draft_file_take(
    *,
    draft: Draft,
    field: str,
    path: Path,
    name: str,
    title: str = "",
    role: str = "",
    known: Stored | None = None,
    taken: Callable[[DraftFile], None] | None = None,
) -> DraftFile:
    """Move a file of this disk, a zip by `expect_zip`, into the store and the draft, in the place of the one before it.

    Baselines are added to one another; one without a title has its file's. `known` is the file's identity, just taken,
    and `taken` is called in the transaction. Raises DraftOverError, and DraftFullError of a baseline too many.
    """
    stored = blob_take(path, known)
    with transaction.atomic():
        draft_hold(draft)
        if field == BASELINE:
            expect_place(draft)
            title = title or name.removesuffix(".zip") or f"baseline {draft.files.filter(field=BASELINE).count() + 1}"
            role = role or Baseline.Role.BASELINE
        else:
            draft.files.filter(field=field).delete()
            title = role = ""
        file = DraftFile.objects.create(
            draft=draft,
            field=field,
            sha256=stored.sha256,
            size=stored.size,
            name=name[:200],
            title=title[:120],
            role=role,
        )
        Draft.objects.filter(pk=draft.pk).update(updated_at=timezone.now())
        if taken:
            taken(file)
    return file


def expect_place(draft: Draft, *, under_way: int = 0) -> None:
    """Raises DraftFullError where no further baseline can be added to the draft, whose row is held."""
    if draft.files.filter(field=BASELINE).count() + under_way >= MOST_BASELINES:
        says = _("A task has %(most)s baselines at most: remove one of this draft first, or discard one on its way.")
        raise DraftFullError(says % {"most": MOST_BASELINES})


def draft_hold(draft: Draft) -> None:
    """Lock its row until the transaction ends: it is neither deleted nor made a task meanwhile, or DraftOverError."""
    if not Draft.objects.select_for_update(no_key=True).filter(pk=draft.pk, deleted_at=None, task=None).exists():
        raise DraftOverError
