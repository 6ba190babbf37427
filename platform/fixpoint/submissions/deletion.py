"""Deleting a dataset, with a way back for a while: it knows what rests on a dataset, so it stands above datasets."""

import logging
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fixpoint.accounts.models import User
from fixpoint.datasets.models import Dataset, HiddenOverlap
from fixpoint.datasets.storage import expect_storage
from fixpoint.dispatch.models import Attempt
from fixpoint.submissions.models import Submission
from fixpoint.submissions.selectors import entries_holding

log = logging.getLogger(__name__)

RESTORED = "restored"
"""What a dataset's history says then."""
_STRIPPED = ("pack_sha256", "manifest_sha256", "sheet_sha256", "looks_sha256", "thumbnails_sha256")


class DatasetNeededError(Exception):
    """It cannot be deleted now; the message says why, and what to do."""


class NotRestorableError(Exception):
    """It is not deleted, or was given up for good."""


def why_needed(dataset: Dataset) -> str:
    """Why this dataset cannot be deleted now, and what to do; "" where it can."""
    if not dataset.is_final:
        return _("Its images are being read. Cancel that first, or wait until it is over.")
    holding = entries_holding([dataset.pk])
    if holding.filter(status=Submission.Status.SCORED).exists():
        return _("An entry of it has a score, and the board rests on it: others may ask how it came about. It stays.")
    if holding.exists():
        return _("An entry of it waits or is being trained. Cancel that entry first, or wait until it is over.")
    return ""


@transaction.atomic
def dataset_delete(*, dataset: Dataset, who: str, why: str = "deleted on request") -> bool:
    """Take it out of every list, restorably. False if it was deleted before; DatasetNeededError says why not."""
    # An entry of it in the same moment comes before or after.
    User.objects.select_for_update(no_key=True).get(pk=dataset.owner_id)
    dataset.refresh_from_db(from_queryset=Dataset.objects.select_for_update())
    if dataset.deleted_at:
        return False
    if reason := why_needed(dataset):
        raise DatasetNeededError(reason)
    dataset.deleted_at = timezone.now()
    dataset.save(update_fields=["deleted_at"])
    _note(dataset, why, who)
    return True


@transaction.atomic
def dataset_restore(*, dataset: Dataset, who: str) -> None:
    """Take it back. NotRestorableError, or StorageFullError where its owner keeps too much by now."""
    User.objects.select_for_update(no_key=True).get(pk=dataset.owner_id)
    gone = Dataset.objects.filter(pk=dataset.pk, deleted_at__isnull=False, purged_at=None)
    if gone.update(deleted_at=None) != 1:
        raise NotRestorableError(_("It cannot be restored: it is not deleted, or was given up for good."))
    dataset.refresh_from_db()
    expect_storage(dataset.owner, dataset.task)
    _note(dataset, RESTORED, who)


@transaction.atomic
def dataset_purge(*, dataset_id: UUID, deleted_before: datetime) -> bool:
    """Give up for good what was deleted so long ago; False if it was restored meanwhile.

    Where entries were made of it, its row, counts and figures stay for their sake, without any image.
    """
    due = Dataset.objects.select_for_update().filter(deleted_at__lt=deleted_before, purged_at=None)
    dataset = due.filter(pk=dataset_id).first()
    if dataset is None:
        return False
    if dataset.submissions.exists():
        now = timezone.now()
        emptied = dict.fromkeys(_STRIPPED, "")
        Dataset.objects.filter(pk=dataset_id).update(
            purged_at=now, archive_freed_at=dataset.archive_freed_at or now, **emptied
        )
        dataset.findings.all().delete()
        dataset.remarks.all().delete()
        HiddenOverlap.objects.filter(dataset=dataset).delete()
        _note(dataset, f"given up {settings.KEEP_DELETED_DAYS} days after it was deleted", "platform")
    else:
        Attempt.objects.filter(handler="dataset", subject_id=dataset_id).delete()
        dataset.delete()
    log.info("The dataset %s was given up for good.", dataset_id)
    return True


def _note(dataset: Dataset, why: str, who: str) -> None:
    status = dataset.status
    dataset.transitions.create(attempt=dataset.attempt, from_status=status, to_status=status, why=why, who=who[:150])
