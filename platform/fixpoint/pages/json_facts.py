"""An entry and a dataset of one's own as JSON tells them: what their pages tell, and no more."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from fixpoint.datasets.models import Dataset
from fixpoint.pages.told import measured_grams, standardised_grams, tells_own
from fixpoint.submissions.models import Submission
from fixpoint.submissions.revealing import shown_score

REMARK_FACTS = ("severity", "rule", "path", "detail")
_MOST_REMARKS = 1_000
"""Of one dataset in an answer: ten times as many are kept."""


def entry_json(entry: Submission) -> dict[str, Any]:
    """Scores as they are told now; None for what there is not, or not yet."""
    shown = shown_score(entry.result) if entry.accuracy is not None else None
    return {
        "entry": str(entry.pk),
        "task": entry.task.slug,
        "dataset": str(entry.dataset_id),
        "status": entry.status,
        "entered_at": moment_json(entry.created_at),
        "ended_at": moment_json(entry.ended_at),
        "accuracy": shown and shown.accuracy,
        "private_accuracy": shown and shown.private,
        "is_own_score": tells_own(entry) if shown else None,
        "standardised_grams": standardised_grams(entry) if shown else None,
        "measured_grams": measured_grams(entry) if shown else None,
        "withdrawn": entry.withdrawn_at is not None,
        "disqualified": entry.disqualified_why if entry.disqualified_at else "",
        "reason": entry.reason,
    }


def dataset_json(dataset: Dataset) -> dict[str, Any]:
    """Of its remarks how many there are of each kind."""
    return {
        "id": str(dataset.pk),
        "name": dataset.name,
        "task": dataset.task.slug,
        "status": dataset.status,
        "reason": dataset.reason,
        "images": dataset.images,
        "counts": dataset.counts,
        "digest": dataset.digest,
        "zip_sha256": dataset.archive_sha256,
        "zip_bytes": dataset.archive_bytes,
        "uploaded_at": moment_json(dataset.created_at),
        "deleted_at": moment_json(dataset.deleted_at),
        "remark_counts": dataset.remark_counts,
    }


def remarks_json(dataset: Dataset) -> dict[str, Any]:
    """The first of its remarks, how many more are kept, and where all of them are."""
    first = list(dataset.remarks.values(*REMARK_FACTS)[:_MOST_REMARKS])
    more = dataset.remarks.count() - len(first) if len(first) == _MOST_REMARKS else 0
    return {"remarks": first, "more_remarks": more, "reasons_csv": _link("dataset_reasons", dataset)}


def _link(page: str, dataset: Dataset) -> str:
    return settings.SITE_URL.rstrip("/") + reverse(page, args=[dataset.pk])


def moment_json(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC."""
    return moment.isoformat() if moment else None
