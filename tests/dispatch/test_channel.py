"""The workers' channel beside Django's handler: the same answers, fewer hands, and nothing of it for anybody else."""

import asyncio
import json
import logging
import threading
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from fixpoint.blobs.addresses import Slot, write_token
from fixpoint.dispatch import channel, views
from fixpoint.dispatch.channel import THREADS, with_channel

END = {"type": "http.disconnect"}


def scope(path: str, method: str = "GET") -> dict[str, Any]:
    return {"type": "http", "method": method, "path": path, "query_string": b"", "headers": [], "http_version": "1.1"}


def ask(path: str, *messages: dict[str, Any], method: str = "GET", times: int = 1) -> list[dict[str, Any]]:
    """Everything that is sent back; an application behind the channel answers 299."""

    async def behind(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 299, "headers": []})

    async def all_of_them() -> list[dict[str, Any]]:
        application, sent = with_channel(behind), []
        for _ in range(times):
            waiting = list(messages or [{"type": "http.request", "body": b""}])

            async def receive(waiting: list[dict[str, Any]] = waiting) -> dict[str, Any]:
                return waiting.pop(0)

            async def send(message: dict[str, Any]) -> None:
                sent.append(message)

            await application(scope(path, method), receive, send)
        return sent

    return asyncio.run(all_of_them())


@pytest.fixture(autouse=True)
def _no_database(monkeypatch):
    """Its threads are not the test's, so that they may not use the test's database."""
    monkeypatch.setattr(channel, "close_old_connections", lambda: None)


def test_an_answer_is_the_one_that_django_gives_with_its_length():
    start, body = ask("/api/worker/terms")
    assert json.loads(body["body"]) == Client().get("/api/worker/terms").json()
    headers = dict(start["headers"])
    assert start["status"] == 200
    assert headers[b"Content-Length"] == str(len(body["body"])).encode()
    assert headers[b"X-Content-Type-Options"] == b"nosniff"


@pytest.mark.parametrize("path", ["/", "/blobs/token", "/api/workers", "/datasets/new/"])
def test_what_is_no_workers_request_passes_untouched(path):
    assert [each["status"] for each in ask(path)] == [299]


def test_an_address_that_is_none_is_said_in_json():
    start, body = ask("/api/worker/nothing")
    assert start["status"] == 404
    assert "no such address" in json.loads(body["body"])["detail"]


def test_another_verb_is_refused_as_everywhere():
    assert ask("/api/worker/claim")[0]["status"] == 405


def test_a_body_arrives_whole_in_however_many_pieces(monkeypatch):
    def echo(request):
        return HttpResponse(request.body)

    monkeypatch.setattr(channel, "_respond", echo)
    pieces = [{"type": "http.request", "body": bytes([65 + n]) * 5, "more_body": n < 2} for n in range(3)]
    _, body = ask("/api/worker/claim", *pieces, method="POST")
    assert body["body"] == b"AAAAABBBBBCCCCC"


def test_who_leaves_before_the_end_is_not_answered(monkeypatch):
    asked = []
    monkeypatch.setattr(channel, "_respond", asked.append)
    piece = {"type": "http.request", "body": b"half", "more_body": True}
    assert ask("/api/worker/claim", piece, END, method="POST") == []
    assert asked == []


def test_an_error_that_nobody_foresaw_is_answered_and_logged(monkeypatch, caplog):
    def stumble(name: str) -> None:
        raise ZeroDivisionError(name)

    monkeypatch.setattr(views, "recipe_facts", stumble)
    with caplog.at_level(logging.ERROR):
        assert ask("/api/worker/terms")[0]["status"] == 500
    assert "ZeroDivisionError" in caplog.text


def test_no_thread_is_made_for_a_request(monkeypatch):
    seen: set[int] = set()

    def note(_request):
        seen.add(threading.get_ident())
        return HttpResponse("")

    monkeypatch.setattr(channel, "_respond", note)
    ask("/api/worker/terms", times=5 * THREADS)
    assert len(seen) <= THREADS


def test_a_stranger_is_refused_before_a_byte_of_the_body_is_read():
    async def behind(_scope: Any, _receive: Any, _send: Any) -> None:
        raise AssertionError("it is the channel's")

    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        raise AssertionError("the body was asked for")

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(with_channel(behind)(scope("/api/worker/outputs/nonsense", "PUT"), receive, send))
    assert sent[0]["status"] == 403


def test_more_than_the_address_takes_is_refused_as_it_arrives():
    token = write_token(Slot("an attempt", "weights.safetensors", 10))
    pieces = [{"type": "http.request", "body": b"x" * 6, "more_body": True}] * 3
    start, _ = ask(f"/api/worker/outputs/{token}", *pieces, method="PUT")
    assert start["status"] == 413
