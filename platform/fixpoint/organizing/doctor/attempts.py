"""What the database says of the work in hand: jobs that wait, leases that ran out, and when the sweeper last came."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min
from django.utils import timezone

from fixpoint.dispatch.chores import LATE, chores_at
from fixpoint.dispatch.models import Attempt, Sweep
from fixpoint.dispatch.registry import workers_of
from fixpoint.organizing.doctor.advice import advice_on
from worker.contract import Finding, Level

LONG = timedelta(hours=24)
"""A queue in which somebody works and the first still waits for this long is too long."""

_LATE_ROUNDS = 6


def waiting_jobs() -> Finding:
    """How many wait to be claimed and since when, by queue; worse where nobody works on that queue."""
    now = timezone.now()
    queues = list(
        Attempt.objects.filter(ended_at=None, claimed_at=None)
        .values_list("queue")
        .annotate(Count("pk"), Min("created_at"))
        .order_by("queue")
    )
    if not queues:
        return Finding(Level.OK, "no job waits to be claimed")
    found = ", ".join(f"{count} in {queue}, the oldest for {_for(now - since)}" for queue, count, since in queues)
    idle = sorted(queue for queue, _, since in queues if _is_left(queue, now - since))
    if idle:
        begun = advice_on(program=f"worker-{idle[0].partition('.')[0]}", service="worker worker-ingest")
        advice = f"start a worker whose FIXPOINT_QUEUES names {idle[0]}, or see why it does not take it: {begun}"
        return Finding(Level.WARN, f"{found}: nobody works on {', '.join(idle)}", advice)
    if any(now - since > LONG for _, _, since in queues):
        return Finding(Level.WARN, found, "add a worker (docs/operations.md, “Several workers”)")
    return Finding(Level.OK, found)


def sweeper() -> Finding:
    """When it last came. Without it nothing that was lost is sent again, and nothing silent taken back."""
    last = Sweep.objects.filter(pk=1).first()
    advice = f"where all has just started, ask again in {_LATE_ROUNDS * settings.SWEEP_SECONDS} s; else {_sweeping()}"
    if last is None:
        is_overdue = Attempt.objects.filter(created_at__lt=timezone.now() - _rounds(_LATE_ROUNDS)).exists()
        return Finding(Level.FAIL if is_overdue else Level.WARN, "it has not come yet", advice)
    silence = timezone.now() - last.at
    found = f"last came {_for(silence)} ago"
    if silence > _rounds(_LATE_ROUNDS):
        why = "beat, or the worker of the platform's own jobs, is down"
        return Finding(Level.FAIL, f"{found} and is to come every {settings.SWEEP_SECONDS} s: {why}", advice)
    return Finding(Level.OK, found)


def chores() -> Finding:
    """When somebody last came to the long work: pre-checks, uploads that were left whole, mails."""
    last = chores_at()
    begun = advice_on(program="chores", service="platform-chores beat")
    if last is None:
        return Finding(Level.WARN, "the sweeper has not come yet, which waits for them", _sweeping())
    silence = timezone.now() - last
    found = f"last come to {_for(silence)} ago"
    if silence > LATE:
        why = "nobody takes the queue platform.chores, or one of them takes that long"
        advice = f"where all has just started, ask again in {2 * settings.CHORE_SECONDS} s; else {begun}"
        return Finding(Level.FAIL, f"{found}: {why}", advice)
    return Finding(Level.OK, found)


def leases() -> Finding:
    """Whether some run's lease has run out and nobody took it back."""
    now = timezone.now()
    running = Attempt.objects.filter(ended_at=None, claimed_at__isnull=False)
    late = running.filter(lease_until__lt=now - _rounds(3))
    if first := late.order_by("lease_until").first():
        silent: datetime = first.lease_until or now
        found = f"{late.count()} of {running.count()} in hand are over their lease, {first} for {_for(now - silent)}"
        return Finding(Level.FAIL, found, _sweeping())
    return Finding(Level.OK, f"{running.count()} in hand, none over its lease")


def _is_left(queue: str, waited: timedelta) -> bool:
    """Whether a job waits that has been sent again already, and no living run keeps a worker of that queue busy."""
    at_work = Attempt.objects.filter(queue=queue, ended_at=None, lease_until__gt=timezone.now())
    is_long = waited > timedelta(seconds=2 * settings.RESEND_SECONDS)
    return is_long and not at_work.exists() and not workers_of(queue)


def _rounds(number: int) -> timedelta:
    return timedelta(seconds=number * settings.SWEEP_SECONDS)


def _sweeping() -> str:
    return advice_on(program="beat", service="beat platform-jobs")


def _for(time: timedelta) -> str:
    seconds = int(time.total_seconds())
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"
