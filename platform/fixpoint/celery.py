"""The platform's Celery app: its own jobs, and the sender of the workers' jobs."""

import os
import ssl

from celery import Celery
from django.conf import settings

from fixpoint.broker_accounts import PLATFORM_BOOKS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fixpoint.settings")

SWEEPS, CHORES = "platform", "platform.chores"
"""The platform's own queues: a process for each, so that what is long never stands in the sweeper's way."""

_CHORE_EXPIRES = 300
"""Seconds: longer than what is before it in the queue, as an examination nobody came to expires sooner."""

app = Celery("fixpoint", task_cls="fixpoint.acknowledge:JobTask")
app.conf.update(
    broker_url=settings.CELERY_BROKER_URL,
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    # Short is what is named here; whatever else comes to be done is taken for long.
    task_default_queue=CHORES,
    task_routes={"fixpoint.dispatch.jobs.sweep": {"queue": SWEEPS}},
    # Acknowledged before it runs: a lost sweep is followed by the next.
    task_acks_late=False,
    worker_prefetch_multiplier=1,
    worker_enable_remote_control=False,
    broker_connection_retry_on_startup=True,
    # A request must not hang on a broker that is away: the sweeper sends again.
    broker_transport_options={
        "visibility_timeout": 3600,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        # One step: no job has a priority, and each step is a key of its own, which Redis' rules would have to name.
        "priority_steps": [0],
        **PLATFORM_BOOKS,
    },
    # kombu would encrypt and believe any certificate.
    broker_use_ssl={"ssl_cert_reqs": ssl.CERT_REQUIRED} if settings.CELERY_BROKER_URL.startswith("rediss:") else None,
    task_publish_retry_policy={"max_retries": 1, "interval_start": 0.1},
    beat_schedule={
        "sweep": {
            "task": "fixpoint.dispatch.jobs.sweep",
            "schedule": settings.SWEEP_SECONDS,
            "options": {"expires": settings.SWEEP_SECONDS},
        },
        "notices": {
            "task": "fixpoint.accounts.jobs.mail_notices",
            "schedule": settings.NOTICE_SECONDS,
            "options": {"expires": _CHORE_EXPIRES},
        },
        "uploads": {
            "task": "fixpoint.uploads.jobs.sweep_uploads",
            "schedule": settings.UPLOAD_SWEEP_SECONDS,
            "options": {"expires": _CHORE_EXPIRES},
        },
        "examinations": {
            "task": "fixpoint.datasets.jobs.examine_missed",
            "schedule": settings.EXAMINE_SECONDS,
            "options": {"expires": _CHORE_EXPIRES},
        },
        "chores": {
            "task": "fixpoint.dispatch.jobs.mark_chores",
            "schedule": settings.CHORE_SECONDS,
            "options": {"expires": _CHORE_EXPIRES},
        },
        "freezing": {
            "task": "fixpoint.leaderboard.jobs.freeze_boards",
            "schedule": settings.FREEZE_SECONDS,
            "options": {"expires": _CHORE_EXPIRES},
        },
        "baselines": {
            "task": "fixpoint.organizing.jobs.take_baselines",
            "schedule": settings.BASELINE_SECONDS,
            "options": {"expires": _CHORE_EXPIRES},
        },
        "house": {
            "task": "fixpoint.organizing.jobs.keep_house",
            "schedule": settings.HOUSE_SECONDS,
            "options": {"expires": settings.HOUSE_SECONDS},
        },
    },
)


def broker_use(address: str) -> None:
    """Send to this broker from now on: a command that starts a stack learns its address only then."""
    app.conf.update(broker_url=address, broker_read_url=address, broker_write_url=address)


app.autodiscover_tasks(
    [
        "fixpoint.dispatch",
        "fixpoint.accounts",
        "fixpoint.datasets",
        "fixpoint.uploads",
        "fixpoint.leaderboard",
        "fixpoint.organizing",
    ],
    related_name="jobs",
)
