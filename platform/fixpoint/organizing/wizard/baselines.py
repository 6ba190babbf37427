"""Baselines that came with a task: handed in and entered by themselves as soon as the task is ready."""

import logging
import shutil

from fixpoint.blobs.arriving import taking_folder
from fixpoint.blobs.store import BlobMissingError, blob_open
from fixpoint.datasets.daily import TooManyDatasetsError
from fixpoint.datasets.models import Dataset
from fixpoint.datasets.services import dataset_take
from fixpoint.datasets.storage import StorageFullError
from fixpoint.tasks.models import Baseline, Task

log = logging.getLogger(__name__)


class _TakenBeforeError(Exception):
    """Another process was faster."""


def baselines_take() -> int:
    """Hand in all that wait; what cannot be taken keeps the reason. Returns how many were."""
    waiting = Baseline.objects.filter(dataset_id=None, refusal="", task__status=Task.Status.OPEN)
    return sum(_take(each) for each in waiting.select_related("task", "owner"))


def _take(baseline: Baseline) -> bool:
    def taken(dataset: Dataset) -> None:
        if Baseline.objects.filter(pk=baseline.pk, dataset_id=None).update(dataset_id=dataset.pk) != 1:
            raise _TakenBeforeError

    try:
        with taking_folder() as folder:
            path = folder / "archive.zip"
            with blob_open(baseline.archive_sha256) as source, path.open("wb") as target:
                shutil.copyfileobj(source, target)
            dataset_take(
                owner=baseline.owner, task=baseline.task, name=baseline.name, path=path, enters=True, taken=taken
            )
    except _TakenBeforeError:
        return False
    except (StorageFullError, TooManyDatasetsError, BlobMissingError) as error:
        log.warning("%s was not taken: %s", baseline, error)
        Baseline.objects.filter(pk=baseline.pk).update(refusal=str(error) or "Its zip is lost.")
        return False
    return True
