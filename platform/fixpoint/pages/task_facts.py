"""What a task is worth telling in one look: who leads, how many entries, how many grams, how long it is open."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.utils import timezone

from fixpoint.energy.estimates import grams
from fixpoint.leaderboard.row import Row
from fixpoint.leaderboard.selectors import Standings, standings
from fixpoint.submissions.models import Result, Submission
from fixpoint.tasks.models import Task
from fixpoint.tasks.selectors import label_book_sheet


@dataclass(frozen=True)
class TaskFacts:
    """`entries` are the participants' with a score, `grams` standardised, over all scored entries, none twice.

    `days_left` is None where a task has no end.
    """

    task: Task
    has_picture: bool
    standings: Standings
    entries: int
    grams: float
    days_left: int | None

    @property
    def leader(self) -> Row | None:
        """The first by accuracy."""
        return self.standings.rows[0] if self.standings.rows else None


def task_facts(task: Task) -> TaskFacts:
    """Read from the database, nothing stored."""
    sums = Result.objects.filter(submission__task=task, submission__rerun_of=None).aggregate(
        entries=Count("pk", filter=Q(submission__role=Submission.Role.PARTICIPANT)), kwh=Sum("standardised_kwh")
    )
    return TaskFacts(
        task=task,
        has_picture=bool(label_book_sheet(task)),
        standings=standings(task, order="accuracy"),
        entries=sums["entries"],
        grams=grams(sums["kwh"] or 0.0, task.grid_g_per_kwh, task.pue),
        days_left=(task.closes_at - timezone.now()).days if task.closes_at else None,
    )
