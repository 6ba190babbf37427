"""Claims that were not granted though the attempt is open: why, kept where people who wait can see it."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from fixpoint.dispatch.models import Attempt, Worker
from fixpoint.dispatch.registry import workers_of
from fixpoint.dispatch.tokens import is_token
from fixpoint.statements.asking import Later
from fixpoint.statements.selects import Kept
from worker.contract import Job


def is_for_another(attempt: Attempt, worker: str) -> bool:
    """Whether this worker had the try before, another one takes such jobs, and the time to ask that one is not over."""
    if attempt.claimed_at or not attempt.avoid or attempt.avoid != worker:
        return False
    since = attempt.not_before or attempt.created_at
    if timezone.now() > since + timedelta(seconds=settings.AVOID_SECONDS):
        return False
    return any(each.name != worker for each in workers_of(attempt.queue))


def is_resting(worker: str) -> bool:
    """Whether this worker is drained and may not have heard of it yet."""
    return bool(_RESTING.tuples(name=worker))


_RESTING = Kept(lambda: Worker.objects.filter(pk=Later("name"), resting_since__isnull=False).values_list("name"))


def pass_on(job: Job) -> None:
    """Have the sweeper send the job again at its next round."""
    _open_attempts(job).update(sent_at=None, sends=0)


def refusal_keep(job: Job, *, worker: str, why: str) -> None:
    """Note on the attempt why the worker that asked did not get it, only for who holds the job's token.

    Where another worker takes such jobs, it is sent again soon; else with growing pauses, until somebody has what it
    needs.
    """
    for attempt in _open_attempts(job):
        if is_token(attempt, job.token):
            Attempt.objects.filter(pk=attempt.pk).update(refusal=f"{worker[:200]}: {why}", refused_at=timezone.now())
            if any(each.name != worker for each in workers_of(attempt.queue)):
                pass_on(job)


def _open_attempts(job: Job) -> QuerySet[Attempt]:
    try:
        subject = UUID(job.id)
    except ValueError:
        return Attempt.objects.none()
    return Attempt.objects.filter(subject_id=subject, number=job.attempt, ended_at=None, claimed_at=None)
