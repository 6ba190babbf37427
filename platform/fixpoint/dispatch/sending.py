"""Opens attempts and sends their Jobs by name."""

import logging
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from kombu.exceptions import ChannelError, OperationalError
from redis.exceptions import RedisError

from fixpoint.celery import app
from fixpoint.dispatch.models import Attempt
from fixpoint.dispatch.tokens import token_of
from worker.contract import EVALUATE_TASK, INGEST_TASK, Job, Kind

log = logging.getLogger(__name__)

_TASKS = {Kind.INGEST: INGEST_TASK, Kind.EVALUATE: EVALUATE_TASK}


def attempt_open(
    *, handler: str, kind: Kind, subject_id: UUID, number: int, queue: str, tries: int | None = None
) -> Attempt:
    """Record a new attempt and send its Job when the transaction is committed.

    A later try waits for a while, longer each time, and is offered first to another worker than the one before: what
    failed once through no fault of the data may fail there again. The sweeper sends it when it is due. `tries` of the
    same data are that many with this one; without it, all attempts are.
    """
    attempt = Attempt(handler=handler, kind=kind, subject_id=subject_id, number=number, queue=queue)
    tries = number if tries is None else tries
    if tries > 1:
        last = Attempt.objects.filter(subject_id=subject_id, number=number - 1).first()
        attempt.avoid = last.worker if last else ""
        attempt.not_before = timezone.now() + backoff(tries)
    attempt.save(force_insert=True)
    if attempt.not_before is None:
        # Robust: what is committed is entered, whatever becomes of its first sending.
        transaction.on_commit(lambda: job_send(attempt), robust=True)
    return attempt


def backoff(number: int) -> timedelta:
    """How long the try of this number waits: nothing for the first, then RETRY_SECONDS, and four times as long each."""
    return timedelta(seconds=settings.RETRY_SECONDS * 4 ** (number - 2) if number > 1 else 0)


def job_send(attempt: Attempt) -> bool:
    """Send the attempt's Job; False if the broker is away, which is no error: the row is there, the sweeper sends it.

    Only what was sent is counted, so that a broker's absence does not make the wait for the next sending longer.
    """
    kind = Kind(attempt.kind)
    job = Job(kind=kind, id=str(attempt.subject_id), attempt=attempt.number, token=token_of(attempt))
    try:
        app.send_task(_TASKS[kind], args=[asdict(job)], queue=attempt.queue, task_id=str(attempt.pk))
    except OperationalError as error:
        log.warning("The broker is away, %s will be sent later: %s", attempt, error)
        return False
    Attempt.objects.filter(pk=attempt.pk).update(sent_at=timezone.now(), sends=F("sends") + 1)
    return True


def own_job_send(name: str, *arguments: str, expires: float) -> None:
    """Ask for one of the platform's own jobs when the transaction is committed, to be begun within so many seconds.

    Beat must ask for what was missed: what was asked for again and again while nobody came is then done once.
    """
    transaction.on_commit(lambda: _own_job_send(name, arguments, expires), robust=True)


def jobs_waiting(queue: str) -> int:
    """How many jobs the broker holds for whoever asks next. Raises kombu's OperationalError."""
    with app.connection_for_read() as connection:
        lost: tuple[type[BaseException], ...] = (*connection.connection_errors, RedisError)
        try:
            channel: Any = connection.channel()
            return int(channel.queue_declare(queue, passive=True).message_count)
        except ChannelError:
            return 0  # Redis knows no queue that is empty
        except lost as error:
            raise OperationalError(str(error)) from error


def _own_job_send(name: str, arguments: tuple[str, ...], expires: float) -> None:
    try:
        app.send_task(name, args=arguments, expires=expires)
    except OperationalError as error:
        log.warning("The broker is away, %s will be done later: %s", name, error)
