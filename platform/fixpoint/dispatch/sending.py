"""Opens attempts and sends their Jobs by name."""

import logging
from dataclasses import asdict
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from kombu.exceptions import OperationalError

from fixpoint.celery import app
from fixpoint.dispatch.models import Attempt
from fixpoint.dispatch.tokens import token_of
from worker.contract import EVALUATE_TASK, INGEST_TASK, Job, Kind

log = logging.getLogger(__name__)

_TASKS = {Kind.INGEST: INGEST_TASK, Kind.EVALUATE: EVALUATE_TASK}


def attempt_open(*, handler: str, kind: Kind, subject_id: UUID, number: int, queue: str) -> Attempt:
    """Record a new attempt and send its Job when the transaction is committed."""
    attempt = Attempt.objects.create(handler=handler, kind=kind, subject_id=subject_id, number=number, queue=queue)
    transaction.on_commit(lambda: job_send(attempt))
    return attempt


def job_send(attempt: Attempt) -> None:
    """Send the attempt's Job. A broker that is away is no error: the row is there and the sweeper sends again."""
    kind = Kind(attempt.kind)
    job = Job(kind=kind, id=str(attempt.subject_id), attempt=attempt.number, token=token_of(attempt))
    Attempt.objects.filter(pk=attempt.pk).update(sent_at=timezone.now(), sends=F("sends") + 1)
    try:
        app.send_task(_TASKS[kind], args=[asdict(job)], queue=attempt.queue, task_id=str(attempt.pk))
    except OperationalError as error:
        log.warning("The broker is away, %s will be sent again: %s", attempt, error)
