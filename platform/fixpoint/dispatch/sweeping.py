"""The sweeper: sends again what nobody claimed, takes back what has been silent for longer than its lease."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from fixpoint.dispatch.attempts import attempt_end
from fixpoint.dispatch.chores import chores_expect
from fixpoint.dispatch.deliveries import deliveries_sweep
from fixpoint.dispatch.handling import handler_of
from fixpoint.dispatch.models import Attempt, Sweep
from fixpoint.dispatch.sending import backoff, job_send, jobs_waiting

log = logging.getLogger(__name__)

_FIRST_WAIT = timedelta(seconds=5)
"""Whoever has just opened an attempt is about to send it."""
_MAX_DOUBLINGS = 6


def attempts_sweep() -> None:
    """One round over all open attempts. Safe to run twice at once: each step is a compare-and-swap."""
    now = timezone.now()
    open_attempts = Attempt.objects.filter(ended_at=None)
    _cut(now)
    if _was_away(now):
        _give_time(now)
    else:
        _each(open_attempts.filter(lease_until__lt=now), _take_back)
    unclaimed = open_attempts.filter(Q(not_before=None) | Q(not_before__lte=now), claimed_at=None)
    _each(unclaimed.filter(sent_at=None, created_at__lt=now - _FIRST_WAIT), _send_again)
    overdue = unclaimed.filter(_is_overdue(now))
    for queue in overdue.order_by().values_list("queue", flat=True).distinct():
        if not _is_all_there(queue):
            _each(overdue.filter(queue=queue), _send_again)
    deliveries_sweep()
    chores_expect()


def _was_away(now: datetime) -> bool:
    """Whether the platform itself was down: then a missing heartbeat says nothing about the worker."""
    last = Sweep.objects.filter(pk=1).first()
    Sweep.objects.update_or_create(pk=1, defaults={"at": now})
    gap = timedelta(seconds=max(3 * settings.SWEEP_SECONDS, settings.LEASE_SECONDS / 2))
    return last is not None and now - last.at > gap


def _give_time(now: datetime) -> None:
    lease = now + timedelta(seconds=settings.LEASE_SECONDS)
    given = Attempt.objects.filter(ended_at=None, lease_until__lt=lease).update(lease_until=lease)
    log.info("The platform was away: %d runs get their whole lease to report.", given)


def _cut(now: datetime) -> None:
    """No lease is longer than a lease, no try waits longer than the last one, and nothing was sent in the future.

    What seems so was written while a clock was wrong, and would keep its entry waiting for as long.
    """
    lease = now + timedelta(seconds=settings.LEASE_SECONDS)
    longest = now + backoff(settings.MAX_ATTEMPTS)
    open_attempts = Attempt.objects.filter(ended_at=None)
    open_attempts.filter(lease_until__gt=lease).update(lease_until=lease)
    open_attempts.filter(not_before__gt=longest).update(not_before=longest)
    open_attempts.filter(sent_at__gt=now).update(sent_at=now)
    open_attempts.filter(created_at__gt=now).update(created_at=now)


def _each(attempts: Iterable[Attempt], step: Callable[[Attempt], bool]) -> None:
    """Take the step for one after the other, until it says that there is no sense in going on."""
    for attempt in attempts:
        try:
            if not step(attempt):
                return
        except Exception:
            log.exception(
                "The sweeper stumbled over %s and goes on, for one must not keep the others waiting.", attempt
            )


@transaction.atomic
def _take_back(attempt: Attempt) -> bool:
    held = Attempt.objects.select_for_update().filter(pk=attempt.pk, ended_at=None, lease_until=attempt.lease_until)
    if not held.exists():
        return True  # it reported in the meantime
    handler = handler_of(attempt)
    is_wanted = handler.is_wanted(attempt.subject_id, attempt.number)
    attempt_end(attempt=attempt, outcome="lost" if is_wanted else "unwanted")
    if is_wanted:
        handler.lost(attempt, f"The worker {attempt.worker} fell silent.")
    return True


def _is_all_there(queue: str) -> bool:
    """Whether the broker holds as many jobs as wait to be claimed: a long queue is no loss, and grows by no repetition.

    Where it holds some twice one may be missing all the same; the repetitions are taken from the queue, and it is seen.
    """
    waiting = Attempt.objects.filter(ended_at=None, claimed_at=None, queue=queue, sent_at__isnull=False).count()
    try:
        return jobs_waiting(queue) >= waiting
    except OperationalError as error:
        log.info("The broker does not tell how long the queue %s is: %s", queue, error)
        return False


def _send_again(attempt: Attempt) -> bool:
    """False if the broker is away."""
    if not handler_of(attempt).is_wanted(attempt.subject_id, attempt.number):
        attempt_end(attempt=attempt, outcome="unwanted")
        return True
    return job_send(attempt)


def _is_overdue(now: datetime) -> Q:
    """Sent, and not claimed for longer than its wait: asked of the database, for thousands may wait without a fault."""
    overdue = Q()
    for doublings in range(_MAX_DOUBLINGS + 1):
        wait = timedelta(seconds=settings.RESEND_SECONDS * 2**doublings)
        sends = {0: Q(sends__lte=1), _MAX_DOUBLINGS: Q(sends__gt=_MAX_DOUBLINGS)}.get(doublings, Q(sends=doublings + 1))
        overdue |= sends & Q(sent_at__lt=now - wait)
    return overdue
