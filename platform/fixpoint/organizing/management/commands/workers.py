"""`manage.py workers`: who works on what, and what waits for whom."""

import json
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from fixpoint.dispatch.overview import Overview, QueueFacts, WorkerFacts, overview
from fixpoint.dispatch.registry import LivingWorkerError, UnknownWorkerError, worker_forget, worker_token
from fixpoint.organizing.database import require_database
from fixpoint.organizing.tables import table

_NOBODY = "No worker has told of itself: start one with FIXPOINT_WORKER_TOKEN, docs/operations.md, “Who works on what”."


class Command(BaseCommand):
    """Tells of the workers and the queues; draws a token for a worker elsewhere; strikes one off the list."""

    help = "List the workers and the queues; with --token NAME the token for a worker on another machine."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """At most one of the acts."""
        acts = parser.add_mutually_exclusive_group()
        acts.add_argument("--json", action="store_true", help="one JSON document instead of tables")
        acts.add_argument("--forget", metavar="NAME", help="strike a worker that is gone off the list")
        acts.add_argument("--token", metavar="NAME", help="print FIXPOINT_WORKER_TOKEN for a worker of this name")

    def handle(self, *_args: Any, **options: Any) -> None:
        """One of the acts, or the tables."""
        if name := options["token"]:
            self.stdout.write(worker_token(name))
            return
        require_database()
        if name := options["forget"]:
            try:
                worker_forget(name=name)
            except (LivingWorkerError, UnknownWorkerError) as error:
                raise CommandError(str(error)) from error
            self.stdout.write(f"{name} is forgotten.")
        elif options["json"]:
            self.stdout.write(json.dumps(_document(overview(refusals=True)), default=str))
        else:
            for line in _lines(overview(refusals=True)):
                self.stdout.write(line)


def _lines(now: Overview) -> list[str]:
    workers = [["WORKER", "STATE", "JOB", "SANDBOX", "DEVICE", "QUEUES", "HEARD"], *map(_worker, now.workers)]
    queues = [["QUEUE", "WAITING", "OLDEST", "WORKERS"], *map(_queue, now.queues)]
    if not now.workers:
        workers = [[_NOBODY]]
    troubles = [f"{each.worker.name}: {each.trouble}" for each in now.workers if each.trouble]
    refusals = [f"{each.name}: {each.refusal}" for each in now.queues if each.refusal]
    return [*table(workers), "", *table(queues), *troubles, *refusals]


def _worker(facts: WorkerFacts) -> list[str]:
    worker, attempt = facts.worker, facts.attempt
    device = f"{worker.device}"
    return [
        worker.name,
        facts.state,
        str(attempt) if attempt else "-",
        worker.sandbox,
        device,
        ",".join(worker.queues),
        f"{_age(worker.heartbeat_at)} ago",
    ]


def _queue(facts: QueueFacts) -> list[str]:
    return [facts.name, str(facts.waiting), _age(facts.oldest), ",".join(facts.workers) or "nobody"]


def _age(moment: datetime | None) -> str:
    if moment is None:
        return "-"
    seconds = int((timezone.now() - moment).total_seconds())
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"


def _document(now: Overview) -> dict[str, Any]:
    return {
        "workers": [
            {
                "name": each.worker.name,
                "state": each.state,
                "job": str(each.attempt) if each.attempt else None,
                "heartbeat_at": each.worker.heartbeat_at.isoformat(),
                "device": each.worker.device,
                "gpu": each.worker.gpu,
                "sandbox": each.worker.sandbox,
                "image": each.worker.image,
                "queues": each.worker.queues,
                "versions": each.worker.versions,
                "trouble": each.trouble,
            }
            for each in now.workers
        ],
        "queues": [
            {
                "name": each.name,
                "waiting": each.waiting,
                "oldest": each.oldest.isoformat() if each.oldest else None,
                "workers": each.workers,
                "refusal": each.refusal,
            }
            for each in now.queues
        ],
        "swept_at": now.swept_at.isoformat() if now.swept_at else None,
    }
