"""A body that is too large is refused before it is on a disk."""

import asyncio
from typing import Any

from django.conf import settings
from django.urls import reverse

from fixpoint import asgi
from fixpoint.body_limit import with_body_limit
from fixpoint.refusal_page import too_large_told


def ask(pieces: list[bytes], *, announced: int | None = None, max_bytes: int = 10) -> tuple[int, int]:
    """The status of the answer, and how many bytes the application was given."""
    sent, given = answered(pieces, announced=announced, max_bytes=max_bytes)
    return sent[0]["status"], given


def answered(
    pieces: list[bytes], *, announced: int | None = None, max_bytes: int = 10, **told: str
) -> tuple[list[dict[str, Any]], int]:
    """The messages of the answer, and how many bytes the application was given."""
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

    headers = [(name.replace("_", "-").encode(), value.encode()) for name, value in told.items()]
    if announced is not None:
        headers.append((b"content-length", str(announced).encode()))
    limited = with_body_limit(application, max_bytes=lambda _scope: max_bytes, told=too_large_told)
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": headers}
    asyncio.run(limited(scope, receive, send))
    return sent, given


def test_a_body_of_exactly_the_limit_is_taken():
    assert ask([b"12345", b"67890"], announced=10) == (200, 10)


def test_an_announced_length_over_the_limit_is_refused_unread():
    assert ask([b"1"], announced=11) == (413, 0)


def test_a_body_that_grows_over_the_limit_unannounced_is_cut_off():
    assert ask([b"12345", b"67890", b"1"]) == (413, 10)


def test_a_program_is_told_a_sentence_and_a_browser_a_page_in_its_language():
    sent, _ = answered([b""], announced=2**31 + 1, max_bytes=2**31)
    assert (
        sent[1]["body"] == b"This is larger than the 2,048 MiB that this address takes in at once. Nothing was kept.\n"
    )

    sent, _ = answered([b""], announced=11, accept="text/html,*/*;q=0.8", accept_language="fr")
    headers, page = dict(sent[0]["headers"]), sent[1]["body"].decode()
    assert headers[b"content-type"] == b"text/html; charset=utf-8"
    assert b"default-src" in headers[b"content-security-policy"]
    assert headers[b"connection"] == b"close"
    assert '<html lang="fr"' in page
    assert "Rien n’a été gardé." in page


def test_what_is_no_request_passes_untouched():
    passed = []

    async def application(scope, _receive, _send):
        passed.append(scope["type"])

    limited = with_body_limit(application, max_bytes=lambda _scope: 1, told=too_large_told)
    asyncio.run(limited({"type": "lifespan"}, None, None))
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
