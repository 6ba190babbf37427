"""Around every view: how long it took in the server, and how often it asked the database."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase


def watching(answer: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware; the answer's head says both."""

    def watched(request: HttpRequest) -> HttpResponseBase:
        asked = 0

        def count(execute: Callable[..., Any], *told: Any) -> Any:
            nonlocal asked
            asked += 1
            return execute(*told)

        begin = perf_counter()
        with connection.execute_wrapper(count):
            found = answer(request)
        found["X-Queries"] = str(asked)
        found["X-Milliseconds"] = f"{(perf_counter() - begin) * 1000:.3f}"
        return found

    return watched
