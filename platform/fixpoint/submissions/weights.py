"""Giving up trained weights that nothing needs: a score stands without them, and they can be trained again."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from fixpoint.submissions.blob_columns import runs_with_weights
from fixpoint.submissions.models import Run, Submission


def runs_over(before: datetime) -> QuerySet[Run]:
    """Runs with weights whose entry ended before then, or was trained again after it and has ended."""
    ended = Q(submission__status__in=Submission.FINAL, submission__ended_at__lt=before)
    return runs_with_weights().filter(ended)


def weights_free(runs: Iterable[int]) -> int:
    """Name their weights no longer; returns of how many. The sweep deletes what nothing names."""
    return Run.objects.filter(pk__in=runs, weights_freed_at=None).update(weights_freed_at=timezone.now())
