"""Answers about a board that are kept rendered, until the board, the task, its phase or the minute changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response

from fixpoint.leaderboard.rules import rules_of
from fixpoint.leaderboard.shelf import Rendered, Shelf, rendered
from fixpoint.tasks.models import Task

_SHELF = Shelf(most_bytes=32 * 2**20, fresh_seconds=60)
"""Pages say how long ago something was, and by which name: neither may be older than a minute."""


def state_of(task: Task) -> Hashable:
    """Changes with everything that a page about the board of a task may tell: the row, and the rules of this moment."""
    row = [getattr(task, field.attname) for field in task._meta.concrete_fields]  # noqa: SLF001 Django's documented name
    return repr(row), rules_of(task, timezone.now())


def is_nobody(request: HttpRequest) -> bool:
    """Whether this reader sees what everybody sees: not signed in, and nothing kept for them to be told."""
    return not {settings.SESSION_COOKIE_NAME, "messages"} & request.COOKIES.keys()


def kept(task: Task, what: Hashable, make: Callable[[], bytes]) -> Rendered:
    """Bytes about this task's board that are the same for all readers; `what` names them among others of the task.

    Inside a transaction they are made anew and not kept: what it has written may yet be undone.
    """
    if connection.in_atomic_block:
        return rendered(make())
    return _SHELF.get((task.pk, state_of(task), what), make)


def kept_a_minute(task: Task, what: Hashable, make: Callable[[], bytes]) -> Rendered:
    """Bytes that may be a minute old, however often the board changes; `what` names all else that they depend on."""
    if connection.in_atomic_block:
        return rendered(make())
    return _SHELF.get((task.pk, "a minute", what), make)


def kept_answer(
    request: HttpRequest, task: Task, what: Hashable, make: Callable[[], bytes], *, content_type: str
) -> HttpResponseBase:
    """What is kept by `kept` as an answer, or 304 to who has it already. Caches may keep it, and must ask each time."""
    return answer_of(request, task, kept(task, what, make), content_type=content_type)


def answer_of(request: HttpRequest, task: Task, found: Rendered, *, content_type: str) -> HttpResponseBase:
    """The same of what is kept in whichever way."""
    answer = HttpResponse(found.body, content_type=content_type)
    answer["ETag"] = found.etag
    answer["Cache-Control"] = "no-cache" if task.is_public else "private, no-store"
    return get_conditional_response(request, etag=found.etag, response=answer) or answer
