"""How much there is of everything in a task, for those who run it."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.utils import timezone

from fixpoint.datasets.models import DatasetEnergy
from fixpoint.energy.estimates import grams
from fixpoint.organizing.health import DAY
from fixpoint.submissions.models import Submission, SubmissionEnergy
from fixpoint.tasks.models import Task


@dataclass(frozen=True)
class Numbers:
    """Of participants and their entries; `kwh` is of all that ran for the task, `unmeasured` its phases without it."""

    participants: int
    teams: int
    entries: int
    entries_today: int
    scored: int
    kwh: float
    grams: float
    unmeasured: int


def numbers_of(task: Task) -> Numbers:
    """Three queries. Baselines, references and runs again are nobody's entries, but took energy all the same."""
    theirs = Submission.objects.filter(task=task, role=Submission.Role.PARTICIPANT, rerun_of=None)
    counts = theirs.aggregate(
        participants=Count("owner", distinct=True),
        teams=Count("team", distinct=True),
        entries=Count("pk"),
        entries_today=Count("pk", filter=Q(created_at__gt=timezone.now() - DAY)),
        scored=Count("pk", filter=Q(status=Submission.Status.SCORED)),
    )
    sums = {"total": Sum("kwh"), "unmeasured": Count("pk", filter=Q(kwh=None))}
    parts = [
        SubmissionEnergy.objects.filter(submission__task=task).aggregate(**sums),
        DatasetEnergy.objects.filter(dataset__task=task).aggregate(**sums),
    ]
    kwh = sum(each["total"] or 0.0 for each in parts)
    return Numbers(
        **counts,
        kwh=kwh,
        grams=grams(kwh, task.grid_g_per_kwh, task.pue),
        unmeasured=sum(each["unmeasured"] for each in parts),
    )
