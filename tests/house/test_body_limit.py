"""A body that is too large is refused before it is on a disk."""

import asyncio
from typing import Any

from django.conf import settings
from django.urls import reverse

from fixpoint import asgi
from fixpoint.body_limit import with_body_limit


def ask(pieces: list[bytes], *, announced: int | None = None, max_bytes: int = 10) -> tuple[int, int]:
    """The status of the answer, and how many bytes the application was given."""
    given = 0
    sent: list[dict[str, Any]] = []
    waiting = [{"type": "http.request", "body": each, "more_body": True} for each in pieces]

    async def application(_scope, receive, send):
        nonlocal given
        for _ in pieces:
            given += len((await receive())["body"])
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive():
        return waiting.pop(0)

    async def send(message):
        sent.append(message)

    headers = [] if announced is None else [(b"content-length", str(announced).encode())]
    limited = with_body_limit(application, max_bytes=lambda _scope: max_bytes)
    asyncio.run(limited({"type": "http", "path": "/", "headers": headers}, receive, send))
    return sent[0]["status"], given


def test_a_body_of_exactly_the_limit_is_taken():
    assert ask([b"12345", b"67890"], announced=10) == (200, 10)


def test_an_announced_length_over_the_limit_is_refused_unread():
    assert ask([b"1"], announced=11) == (413, 0)


def test_a_body_that_grows_over_the_limit_unannounced_is_cut_off():
    assert ask([b"12345", b"67890", b"1"]) == (413, 10)


def test_what_is_no_request_passes_untouched():
    passed = []

    async def application(scope, _receive, _send):
        passed.append(scope["type"])

    asyncio.run(with_body_limit(application, max_bytes=lambda _scope: 1)({"type": "lifespan"}, None, None))
    assert passed == ["lifespan"]


def test_only_archives_and_outputs_may_be_large():
    def most(method: str, path: str) -> int:
        return asgi._most_bytes({"type": "http", "method": method, "path": path})

    large, small = settings.MAX_BODY_BYTES, settings.MAX_FORM_BYTES
    assert (most("POST", reverse("upload")), most("PUT", "/api/worker/outputs/token")) == (large, large)
    for method, path in (
        ("PUT", "/datasets/new/"),
        ("GET", "/datasets/new/"),
        ("POST", "/datasets/new/more"),
        ("POST", "/api/worker/outputs/token"),
        ("POST", "/api/worker/claim"),
        ("POST", "/accounts/login/"),
        ("POST", "/admin/tasks/task/add/"),
    ):
        assert most(method, path) == small, (method, path)
