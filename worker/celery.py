"""The worker's Celery app: jobs come down through the broker as plain JSON, and nothing goes back this way."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import structlog
from celery import Celery
from celery.signals import worker_init
from kombu import Queue
from pydantic import TypeAdapter, ValidationError

from worker.bench import Bench, clear, set_up
from worker.claim import what_would_run
from worker.contract import EVALUATE_TASK, INGEST_TASK, REDELIVERY_SECONDS, Job
from worker.log import set_up_logging
from worker.pipeline import carry_out
from worker.sandbox import SandboxError
from worker.settings import current

_JOB = TypeAdapter(Job)
log = structlog.get_logger()

app = Celery("worker", broker=current().broker_url, task_cls="worker.acknowledge:JobTask")
app.conf.update(
    accept_content=["json"],
    task_serializer="json",
    result_serializer="json",
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_concurrency=1,
    # One process: the job runs in it, its heartbeat in a thread. SIGTERM lets the job finish; SIGKILL takes all of it,
    # so that no orphan keeps an attempt alive. A pool of child processes costs more memory and could leave one behind.
    worker_pool="solo",
    worker_enable_remote_control=False,
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    # The platform sends what a broker lost; a worker only has to be there when it is back.
    broker_connection_retry=True,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    broker_transport_options={"visibility_timeout": REDELIVERY_SECONDS, "socket_keepalive": True},
    task_queues=[Queue(name) for name in current().queues],
    task_default_queue=current().queues[0],
    task_create_missing_queues=True,
)


@cache
def bench() -> Bench:
    """This process's bench, made when the worker starts."""
    return set_up(current())


@worker_init.connect
def prepare(**_: Any) -> None:
    """Refuse to start without a sandbox, and clear what an earlier life left before the first job comes."""
    set_up_logging()
    try:
        clear(bench())
        what_would_run(bench())
    except Exception as error:
        # Celery would log any other exception of a signal and start all the same.
        log.critical("the worker cannot start", reason=str(error), exc_info=not isinstance(error, SandboxError))
        raise SystemExit(1) from error


@app.task(name=INGEST_TASK)
def ingest(job: dict[str, Any]) -> None:
    """Decode and pack one archive."""
    _receive(job)


@app.task(name=EVALUATE_TASK)
def evaluate(job: dict[str, Any]) -> None:
    """Train and predict one entry."""
    _receive(job)


def _receive(message: dict[str, Any]) -> None:
    try:
        job = _JOB.validate_json(json.dumps(message), strict=True)
    except ValidationError as error:
        # Without an id there is nobody to report to; the platform's sweeper sends what it misses.
        log.critical("a message is no job", fields=[part["loc"] for part in error.errors(include_input=False)])
        return
    carry_out(job, bench())
