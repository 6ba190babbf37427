"""Uploads for a task: how a whole one becomes a dataset, as the plain form's file does."""

from collections.abc import Callable
from pathlib import Path

from fixpoint.blobs.store import Stored
from fixpoint.datasets.daily import TooManyDatasetsError
from fixpoint.datasets.models import Dataset
from fixpoint.datasets.services import dataset_take
from fixpoint.datasets.storage import StorageFullError
from fixpoint.tasks.models import Task
from fixpoint.uploads.models import Upload
from fixpoint.uploads.refusals import storage_full, too_many_today


def into_task(upload: Upload, task: Task, path: Path, stored: Stored, taken: Callable[[Dataset], None]) -> Dataset:
    """Move the whole file into the store, and let it be looked at."""
    try:
        return dataset_take(
            owner=upload.owner,
            task=task,
            name=upload.name,
            path=path,
            enters=upload.enters,
            known=stored,
            taken=taken,
        )
    except StorageFullError as error:
        raise storage_full(error) from error
    except TooManyDatasetsError as error:
        raise too_many_today(error) from error
