"""How much there is of everything in a task, for those who run it."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.utils import timezone

from fixpoint.datasets.models import DatasetEnergy
from fixpoint.energy.estimates import grams
from fixpoint.organizing.entrants import teams_taking_part
from fixpoint.organizing.health import DAY
from fixpoint.submissions.models import Submission, SubmissionEnergy
from fixpoint.tasks.models import Task
from fixpoint.teams.models import Member


@dataclass(frozen=True)
class Numbers:
    """Of teams that take part, their members and their entries.

    `beside` is what ran and is nobody's entry. `kwh` is of all that ran for the task, `unmeasured` its phases without.
    """

    participants: int
    teams: int
    entries: int
    entries_today: int
    scored: int
    beside: int
    kwh: float
    grams: float
    unmeasured: int


def numbers_of(task: Task) -> Numbers:
    """Five queries. Baselines, references and runs again are nobody's entries, but took energy all the same."""
    entries = Submission.objects.filter(task=task)
    theirs = entries.filter(role=Submission.Role.PARTICIPANT, rerun_of=None)
    people = Member.objects.filter(team__in=teams_taking_part(task))
    counts = people.aggregate(participants=Count("user", distinct=True), teams=Count("team", distinct=True))
    counts |= theirs.aggregate(
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
        beside=entries.count() - counts["entries"],
        kwh=kwh,
        grams=grams(kwh, task.grid_g_per_kwh, task.pue),
        unmeasured=sum(each["unmeasured"] for each in parts),
    )
