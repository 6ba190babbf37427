"""The columns of this app that name blobs."""

from django.db.models import QuerySet

from fixpoint.blobs.references import Column
from fixpoint.submissions.models import Result, Run

_STANDS = "restore it from the backup; the score stands without it"


def runs_with_weights() -> QuerySet[Run]:
    """Those whose weights are kept."""
    return _runs().filter(weights_freed_at=None)


def _runs() -> QuerySet[Run]:
    return Run.objects.select_related("submission__owner", "submission__task").defer("outcome")


def _results() -> QuerySet[Result]:
    return Result.objects.select_related("submission__owner", "submission__task").defer("correct")


def _named(row: Run | Result) -> str:
    return f"entry {row.submission.pk} of {row.submission.owner}, task {row.submission.task.slug}"


COLUMNS = (
    Column(runs_with_weights, "weights_sha256", "weights", _named, f"{_STANDS}, and the same can be trained again"),
    Column(_runs, "history_sha256", "history", _named, _STANDS),
    Column(_runs, "dynamics_sha256", "dynamics", _named, _STANDS),
    Column(_results, "logits_sha256", "logits", _named, _STANDS),
)
