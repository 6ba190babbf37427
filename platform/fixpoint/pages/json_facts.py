"""An entry and a dataset of one's own as JSON tells them: what their pages tell, and no more."""

from datetime import datetime
from typing import Any

from fixpoint.datasets.models import Dataset
from fixpoint.pages.told import measured_grams, standardised_grams, tells_own
from fixpoint.submissions.models import Submission
from fixpoint.submissions.revealing import shown_score


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
    """With all remarks that are kept."""
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
        "remarks": list(dataset.remarks.values("severity", "rule", "path", "detail")),
    }


def moment_json(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC."""
    return moment.isoformat() if moment else None
