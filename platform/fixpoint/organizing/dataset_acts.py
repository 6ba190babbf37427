"""Deleting and restoring a dataset by its owner, or by an organizer, whose act is written down."""

from django.db import transaction

from fixpoint.accounts.models import User
from fixpoint.datasets.models import Dataset
from fixpoint.organizing.acts import What, act_record
from fixpoint.submissions.deletion import dataset_delete, dataset_restore


@transaction.atomic
def dataset_take(*, dataset: Dataset, who: User) -> None:
    """Out of every list, restorably. DatasetNeededError says why not."""
    if dataset_delete(dataset=dataset, who=who.username):
        _record(What.DATASET_DELETED, dataset, who)


@transaction.atomic
def dataset_give_back(*, dataset: Dataset, who: User) -> None:
    """Back into every list. NotRestorableError, or StorageFullError where its owner keeps too much by now."""
    dataset_restore(dataset=dataset, who=who.username)
    _record(What.DATASET_RESTORED, dataset, who)


def _record(what: What, dataset: Dataset, who: User) -> None:
    if dataset.owner_id != who.pk:
        act_record(who=who, task=dataset.task, what=what, subject=dataset)
