"""The workers' channel beside Django's own handler: no session, no templates, threads and connections that stay.

Django under ASGI gives each request a thread of its own and with it a new connection to the database. A page does not
mind; an entry asks a dozen times. Views and addresses are the same on both ways.
"""

import asyncio
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import BinaryIO, cast

from django.conf import settings
from django.core import signing
from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.exception import convert_exception_to_response
from django.db import close_old_connections, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, get_resolver

from fixpoint.blobs.addresses import write_slot
from fixpoint.body_limit import Application, Receive, Scope, Send

PREFIX = "/api/worker/"
OUTPUTS = "/api/worker/outputs/"
THREADS = 8
"""Each holds one connection to the database: this many, times the web processes, must be allowed there."""

PAUSE = 5.0
"""Seconds after which a thread's connection is tried before it is used again."""
_last = threading.local()


class _Gone(Exception):  # noqa: N818 - nobody's error: whoever asked has left
    """The connection ended before the request did."""


def with_channel(application: Application) -> Application:
    """The same application, with the channel's requests answered here."""
    threads = ThreadPoolExecutor(THREADS, thread_name_prefix="channel")

    async def either(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await application(scope, receive, send)
            return
        try:
            most = _most_bytes(scope["path"])
        except signing.BadSignature as error:
            # Said before the body is read: a stranger fills no disk.
            await _send(JsonResponse({"detail": str(error)}, status=HTTPStatus.FORBIDDEN), send)
            return
        with _spool() as body:
            try:
                await _arrive(receive, body, most)
            except _Gone:
                return
            except _TooLarge:
                detail = f"This is larger than the {most} bytes that this address takes."
                await _send(JsonResponse({"detail": detail}, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE), send)
                return
            answer = await asyncio.get_running_loop().run_in_executor(threads, _answer, scope, body)
        await _send(answer, send)

    return either


class _TooLarge(Exception):  # noqa: N818 - told to whoever sent it
    """More than the address takes."""


def _spool() -> BinaryIO:
    """As Django does it: small bodies in memory, a file for the rest."""
    return cast(
        "BinaryIO",
        tempfile.SpooledTemporaryFile(settings.FILE_UPLOAD_MAX_MEMORY_SIZE, dir=settings.FILE_UPLOAD_TEMP_DIR),
    )


def _most_bytes(path: str) -> int:
    """What may be sent to this address. BadSignature for the address of an output that nobody signed."""
    if path.startswith(OUTPUTS):
        return write_slot(path.removeprefix(OUTPUTS)).max_bytes
    return int(settings.MAX_FORM_BYTES)


async def _arrive(receive: Receive, body: BinaryIO, most: int) -> None:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Gone
        body.write(message.get("body", b""))
        if body.tell() > most:
            raise _TooLarge
        if not message.get("more_body", False):
            body.seek(0)
            return


def _answer(scope: Scope, body: BinaryIO) -> HttpResponse:
    # Django asks the database whether it is there before every request; here that was one question in eight.
    is_trusted = time.monotonic() - getattr(_last, "at", -PAUSE) < PAUSE
    if connection.errors_occurred or not is_trusted:
        close_old_connections()
    _last.at = time.monotonic()
    return cast("HttpResponse", _respond(ASGIRequest(scope, body)))  # of a view that is no coroutine


def _view(request: HttpRequest) -> HttpResponse:
    try:
        match = get_resolver("fixpoint.dispatch.urls").resolve(request.path_info)
    except Resolver404:
        return JsonResponse({"detail": "There is no such address."}, status=HTTPStatus.NOT_FOUND)
    return cast("HttpResponse", match.func(request, *match.args, **match.kwargs))


_respond = convert_exception_to_response(_view)


async def _send(answer: HttpResponse, send: Send) -> None:
    told = {"X-Content-Type-Options": "nosniff", "Content-Length": str(len(answer.content))} | dict(answer.items())
    headers = [(name.encode("ascii"), value.encode("latin-1")) for name, value in told.items()]
    await send({"type": "http.response.start", "status": answer.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": answer.content})
