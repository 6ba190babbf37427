"""Entries that organizers show on the task's page, as long as they stand."""

from django.db.models import QuerySet

from fixpoint.organizing.models import Featured
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task


def featured_of(task: Task) -> QuerySet[Featured]:
    """The first one featured first; what was disqualified or withdrawn since is not among them."""
    found = Featured.objects.filter(
        submission__task=task,
        submission__status=Submission.Status.SCORED,
        submission__disqualified_at=None,
        submission__withdrawn_at=None,
    )
    related = found.select_related("submission__team", "submission__task", "submission__result")
    return related.defer("submission__result__correct", "submission__result__per_seed")
