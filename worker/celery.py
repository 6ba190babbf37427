"""The worker's Celery app: jobs come down through the broker as plain JSON, and nothing goes back this way."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import structlog
from celery import Celery
from celery.exceptions import Reject
from celery.signals import worker_init, worker_shutdown
from pydantic import TypeAdapter, ValidationError

from worker.bench import Bench, clear, set_up
from worker.broker import broker_options
from worker.claim import held
from worker.contract import EVALUATE_TASK, INGEST_TASK, Job
from worker.device import DeviceTakenError, hold, takes_evaluations
from worker.log import set_up_logging
from worker.pipeline import carry_out
from worker.presence import Presence
from worker.resting import Rest, step_of
from worker.sandbox import SandboxError
from worker.settings import current

_JOB = TypeAdapter(Job)
EXPECTED = (SandboxError, DeviceTakenError)
"""What keeps a worker from starting in a sentence of its own."""

log = structlog.get_logger()

# No fixups: where the surroundings name settings of Django, as beside a platform, Celery would load it and close its
# database around every job.
app = Celery("worker", broker=current().broker_url, task_cls="worker.acknowledge:JobTask", fixups=[])
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
    **broker_options(current().broker_url, current().queues),
    task_default_queue=current().queues[0],
    task_create_missing_queues=True,
)


@cache
def presence() -> Presence:
    """What tells the platform of this process."""
    return Presence(bench())


@cache
def bench() -> Bench:
    """This process's bench, made when the worker starts."""
    return set_up(current())


@cache
def rest() -> Rest:
    """What holds this process's consumer to its orders."""
    return Rest(current().queues, lambda: presence().may_work)


app.steps["consumer"].add(step_of(rest))


@worker_init.connect
def prepare(**_: Any) -> None:
    """Refuse to start without a sandbox or a device, and clear what an earlier life left before the first job comes."""
    set_up_logging()
    settings = current()
    try:
        if takes_evaluations(settings.queues):
            hold(settings.scratch, settings.device, settings.name)
        clear(bench())
        held(bench())
    except Exception as error:
        # Celery would log any other exception of a signal and start all the same.
        log.critical("the worker cannot start", reason=str(error), exc_info=not isinstance(error, EXPECTED))
        raise SystemExit(1) from error
    presence().start()


@worker_shutdown.connect
def leave(**_: Any) -> None:
    """After the last job."""
    presence().stop()


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
    if not presence().may_work:
        # It came between the order to rest and the consumer's obeying: back to its queue, for another worker.
        rest().obey()
        raise Reject("this worker is drained", requeue=True)
    carry_out(job, bench())
