"""The columns of this app that name blobs."""

from django.db.models import QuerySet

from fixpoint.blobs.references import Column
from fixpoint.datasets.models import Dataset

_AGAIN = "what is damaged is removed first; then restore it from the backup, or its owner uploads the zip again"


def datasets_with_archive() -> QuerySet[Dataset]:
    """Those whose zip is kept; what was refused by its directory was never."""
    return Dataset.objects.filter(archive_freed_at=None).select_related("task", "owner")


def _all() -> QuerySet[Dataset]:
    return Dataset.objects.select_related("task", "owner")


def _named(dataset: Dataset) -> str:
    return f"dataset {dataset.pk} “{dataset.name}” of {dataset.owner}, task {dataset.task.slug}"


COLUMNS = (
    Column(datasets_with_archive, "archive_sha256", "zip", _named, f"{_AGAIN}; once it is accepted nothing reads it"),
    Column(_all, "pack_sha256", "pack", _named, f"{_AGAIN}: it cannot be trained"),
    Column(_all, "manifest_sha256", "manifest", _named, f"{_AGAIN}: its images cannot be looked at or compared"),
    Column(_all, "sheet_sha256", "contact sheet", _named, f"{_AGAIN}: its page lacks a picture"),
    Column(_all, "looks_sha256", "looks", _named, f"{_AGAIN}: it cannot be examined again"),
    Column(_all, "thumbnails_sha256", "thumbnails", _named, f"{_AGAIN}: its galleries are empty"),
)
