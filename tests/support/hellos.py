"""Workers that have told of themselves."""

from typing import Any

from django.conf import settings

from fixpoint.dispatch.models import Worker
from fixpoint.dispatch.registry import worker_hello
from worker.contract import Hello

QUEUES = ("ingest", "evaluate", "evaluate.cpu")


def hello_of(name: str, **facts: Any) -> Hello:
    """What a worker of this name would tell."""
    told: dict[str, Any] = {
        "worker": name,
        "instance": f"the first life of {name}",
        "queues": QUEUES,
        "sandbox": "docker",
        "image": "sha256:0123456789abcdef",
        "device": "2 x a processor",
        "gpu": False,
        "versions": {"python": "3.11.7", "celery": "5.7.0"},
        "recipe_digests": {},
    }
    return Hello(**(told | facts))


def hello_from(name: str, **facts: Any) -> Worker:
    """Have it tell, with the installation's token."""
    worker_hello(hello=hello_of(name, **facts), token=settings.WORKER_TOKEN)
    return Worker.objects.get(pk=name)
