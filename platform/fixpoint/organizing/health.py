"""Is a task running well? Its queue, who takes its jobs, what failed of late, and one line that says it all."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fixpoint.dispatch.models import Attempt
from fixpoint.dispatch.overview import overview
from fixpoint.dispatch.registry import is_taking
from fixpoint.submissions.models import Submission, SubmissionTransition
from fixpoint.tasks.models import Material, Task
from fixpoint.tasks.selectors import materials_spoilt
from worker.contract import Kind

DAY = timedelta(hours=24)
LISTED = 20
"""Failures that the page lists; all stand in the table of entries."""


@dataclass(frozen=True)
class Health:
    """The task at one moment; `tone` and `says` are its line, `unserved` the queues that nobody takes jobs of.

    `waiting` and `running` count entries, `workers` those that train them; `spoilt` are the zips of organizers for
    which it does not open.
    """

    waiting: int
    oldest: datetime | None
    running: int
    workers: int
    unserved: list[str]
    given_up: int
    retried: int
    is_swept: bool
    takes_jobs: bool
    is_paused: bool
    spoilt: list[Material]
    is_preparing: bool

    @property
    def tone(self) -> str:
        """good, warn or bad."""
        if not self.is_swept or self.spoilt or (self.unserved and self.waiting) or self.given_up:
            return "bad"
        return "warn" if self.retried or self.is_paused or (self.unserved and self.takes_jobs) else "good"

    @property
    def says(self) -> str | Promise:
        """What matters most, in one sentence."""
        if not self.is_swept:
            return _("The platform's own jobs do not run: what is lost now is not found before they do.")
        if self.spoilt:
            return _("It does not open: a zip of its organizers could not be packed.")
        if self.unserved and self.waiting:
            return _("Entries wait and nobody takes them: start a worker for the queues named below.")
        if self.given_up:
            return _("Entries were given up in the last 24 hours, through no fault of their data.")
        if self.unserved and self.takes_jobs:
            return _("Nobody would take its jobs at the moment: what is entered now waits.")
        if self.is_paused:
            return _("It is paused: it takes no entries until you let it go on.")
        if self.is_preparing:
            return _("It is being prepared, and opens when its data are packed.")
        if self.retried:
            return _("It runs, but some attempts failed in the last 24 hours and were tried again.")
        return _("It runs well.")


def health_of(task: Task) -> Health:
    """Seven queries, however much was entered."""
    since = timezone.now() - DAY
    entries = Submission.objects.filter(task=task)
    found = entries.aggregate(
        waiting=Count("pk", filter=Q(status=Submission.Status.QUEUED)),
        oldest=Min("created_at", filter=Q(status=Submission.Status.QUEUED)),
        running=Count("pk", filter=Q(status__in=(Submission.Status.TRAINING, Submission.Status.PREDICTING))),
        given_up=Count("pk", filter=Q(status=Submission.Status.ERROR, ended_at__gt=since)),
    )
    platform = overview()
    workers = [each.worker for each in platform.workers]
    queues = {task.queue(kind) for kind in Kind}
    taking = {queue: [each for each in workers if is_taking(each, queue)] for queue in queues}
    return Health(
        **found,
        workers=len(taking[task.queue(Kind.EVALUATE)]),
        unserved=sorted(queue for queue, takers in taking.items() if not takers),
        retried=_retries(task, since),
        is_swept=platform.is_swept,
        takes_jobs=task.takes_entries,
        is_paused=task.state_told == "paused",
        spoilt=list(materials_spoilt(task).order_by("role")),
        is_preparing=task.status == Task.Status.PREPARING,
    )


@dataclass(frozen=True)
class Failure:
    """An entry or an attempt that did not end well, with the reason; `is_ours`: through no fault of the data."""

    entry: Submission
    at: datetime
    why: str
    is_ours: bool
    is_tried_again: bool


def failures_of(task: Task) -> list[Failure]:
    """The newest first: what failed, was given up, or was tried again."""
    ended = Q(to_status__in=(Submission.Status.FAILED, Submission.Status.ERROR))
    rows = SubmissionTransition.objects.filter(_tried_again() | ended, submission__task=task)
    rows = rows.select_related("submission__dataset", "submission__team").order_by("-at")[:LISTED]
    return [
        Failure(
            entry=row.submission,
            at=row.at,
            why=row.why,
            is_ours=row.to_status != Submission.Status.FAILED,
            is_tried_again=row.to_status == Submission.Status.QUEUED,
        )
        for row in rows
    ]


def refusals_of(task: Task) -> list[tuple[str, str]]:
    """Of jobs of this task that wait: the queue, and why a worker that asked did not get one."""
    waiting = Attempt.objects.filter(ended_at=None, claimed_at=None, queue__in={task.queue(kind) for kind in Kind})
    return list(waiting.exclude(refusal="").order_by("queue").values_list("queue", "refusal").distinct()[:LISTED])


def _retries(task: Task, since: datetime) -> int:
    rows = SubmissionTransition.objects.filter(_tried_again(), submission__task=task, at__gt=since)
    return rows.values("submission").distinct().count()


def _tried_again() -> Q:
    """Back to the queue; what was entered comes from nowhere."""
    return Q(to_status=Submission.Status.QUEUED) & ~Q(from_status="")
