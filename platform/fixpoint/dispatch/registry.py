"""The workers of this installation: each tells of itself every few seconds and is told whether to take jobs.

A name on the list is spoken for with a token alone, in a hello as in a claim; a worker without one stays off the list.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from fixpoint.dispatch.models import Worker
from fixpoint.dispatch.queues import QUEUE_PATTERN, is_able
from worker.contract import Duty, Hello

_LONGEST_NAME = 200
_LONGEST_TEXT = 100
_MOST_QUEUES = 20
_MOST_VERSIONS = 30
_MOST_RECIPES = 50
_HIGHEST_CONTRACT = 2**31 - 1


class StrangerError(Exception):
    """Whoever tells of itself, or claims, has no token of this installation for the name that it gives."""


class UnknownWorkerError(Exception):
    """No worker of this name has been heard of."""


class LivingWorkerError(Exception):
    """This worker tells of itself: struck off it would be back at once, and no longer drained."""


def worker_token(name: str) -> str:
    """The token for one worker alone: with it nobody speaks for another; the installation's own stays here."""
    return hmac.new(settings.WORKER_TOKEN.encode(), f"worker:{name}".encode(), hashlib.sha256).hexdigest()


def hello_seconds() -> float:
    """How often workers tell of themselves: three hellos may be lost before one counts as gone."""
    return min(settings.HELLO_SECONDS, settings.WORKER_SILENT_SECONDS / 4)


@transaction.atomic
def worker_hello(*, hello: Hello, token: str) -> Duty:
    """Keep what a worker tells of itself; the answer says whether it may take jobs.

    StrangerError without a token; ValueError for what is no name, no queue, or beyond bounds.
    """
    if not hello.worker.isprintable() or not 0 < len(hello.worker) <= _LONGEST_NAME:
        raise ValueError(f"A worker's name is 1 to {_LONGEST_NAME} printable letters.")
    _check_token(hello.worker, token)
    _check(hello)
    now = timezone.now()
    worker = Worker.objects.select_for_update().filter(pk=hello.worker).first() or Worker(name=hello.worker)
    _note_instance(worker, hello.instance[:40])
    worker.heartbeat_at = now
    worker.contract, worker.gpu = hello.contract, hello.gpu
    worker.queues, worker.versions, worker.recipe_digests = list(hello.queues), hello.versions, hello.recipe_digests
    worker.sandbox, worker.image, worker.device = hello.sandbox[:40], hello.image[:200], hello.device[:200]
    worker.save()
    return Duty.REST if worker.resting_since else Duty.WORK


def speaker_check(*, name: str, token: str) -> None:
    """Refuse a claim in the name of another: a token has to be for this name, and a listed name needs one.

    StrangerError. The name is compared as an attempt keeps it, its first 200 letters.
    """
    name = name[:_LONGEST_NAME]
    if token:
        _check_token(name, token)
    elif Worker.objects.filter(pk=name).exists():
        raise StrangerError(f"{name} is on the list of workers: a claim in its name needs its FIXPOINT_WORKER_TOKEN.")


def worker_rest(*, name: str, who: str) -> Worker:
    """Drain a worker: it finishes the job in hand and takes no other. UnknownWorkerError."""
    return _rested(name, resting_since=timezone.now(), resting_by=who[:150])


def worker_resume(*, name: str) -> Worker:
    """Let a drained worker take jobs again. UnknownWorkerError."""
    return _rested(name, resting_since=None, resting_by="")


@transaction.atomic
def worker_forget(*, name: str) -> None:
    """Strike a worker off the list once it is silent. UnknownWorkerError, LivingWorkerError."""
    worker = Worker.objects.select_for_update().filter(pk=name).first()
    if worker is None:
        raise UnknownWorkerError(_unknown(name))
    if worker.is_alive:
        raise LivingWorkerError(
            f"{name} is alive: it would be back with its next hello, and take jobs even if it was drained. "
            f"Stop it first; {settings.WORKER_SILENT_SECONDS} s later it can be forgotten."
        )
    worker.delete()


def workers_of(queue: str) -> list[Worker]:
    """Those that take jobs of this queue now."""
    return [each for each in Worker.objects.filter(resting_since=None) if is_taking(each, queue)]


def is_taking(worker: Worker, queue: str) -> bool:
    """Whether it takes jobs of this queue now."""
    return worker.is_working and queue in worker.queues and is_able(queue, gpu=worker.gpu)


def _check_token(name: str, token: str) -> None:
    if not any(hmac.compare_digest(token.encode(), ours.encode()) for ours in _tokens(name)):
        raise StrangerError("This token is none of this installation's for this name: see FIXPOINT_WORKER_TOKEN.")


def _tokens(name: str) -> tuple[str, str]:
    return settings.WORKER_TOKEN, worker_token(name)


def _check(hello: Hello) -> None:
    if len(hello.queues) > _MOST_QUEUES or not all(re.fullmatch(QUEUE_PATTERN, each) for each in hello.queues):
        raise ValueError(f"A worker has at most {_MOST_QUEUES} queues, named like ingest, evaluate.gpu, evaluate.lab.")
    if not 0 < hello.contract <= _HIGHEST_CONTRACT:
        raise ValueError("A contract is a whole number from 1 on.")
    _check_texts("versions", hello.versions, _MOST_VERSIONS)
    _check_texts("recipe_digests", hello.recipe_digests, _MOST_RECIPES)


def _check_texts(what: str, texts: Mapping[str, str], most: int) -> None:
    longest = max((len(each) for pair in texts.items() for each in pair), default=0)
    if len(texts) > most or longest > _LONGEST_TEXT:
        raise ValueError(f"{what} holds at most {most} entries, none longer than {_LONGEST_TEXT} letters.")


def _note_instance(worker: Worker, instance: str) -> None:
    """A process that is back after another of its name was heard: two run at once, and take each other's leftovers."""
    if worker.instance == instance:
        return
    if worker.former_instance == instance:
        worker.clashed_at = timezone.now()
    else:
        worker.started_at = timezone.now()
    worker.former_instance, worker.instance = worker.instance, instance


def _rested(name: str, **values: object) -> Worker:
    if not Worker.objects.filter(pk=name).update(**values):
        raise UnknownWorkerError(_unknown(name))
    return Worker.objects.get(pk=name)


def _unknown(name: str) -> str:
    known = ", ".join(Worker.objects.values_list("name", flat=True)) or "none has told of itself yet"
    return f"No worker is named {name!r}; known are: {known}."
