"""The platform's Celery app: its own jobs, and the sender of the workers' jobs."""

import os
import ssl

from celery import Celery
from django.conf import settings

from fixpoint.broker_accounts import PLATFORM_BOOKS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fixpoint.settings")

app = Celery("fixpoint", task_cls="fixpoint.acknowledge:JobTask")
app.conf.update(
    broker_url=settings.CELERY_BROKER_URL,
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    task_default_queue="platform",
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
            "options": {"expires": settings.NOTICE_SECONDS},
        },
        "uploads": {
            "task": "fixpoint.uploads.jobs.sweep_uploads",
            "schedule": settings.UPLOAD_SWEEP_SECONDS,
            "options": {"expires": settings.UPLOAD_SWEEP_SECONDS},
        },
        "examinations": {
            "task": "fixpoint.datasets.jobs.examine_missed",
            "schedule": settings.EXAMINE_SECONDS,
            "options": {"expires": settings.EXAMINE_SECONDS},
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
    ["fixpoint.dispatch", "fixpoint.accounts", "fixpoint.datasets", "fixpoint.uploads", "fixpoint.organizing"],
    related_name="jobs",
)
