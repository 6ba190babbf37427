"""Refuses a request's body that is too large before it fills a disk: at its announced length, else as it arrives.

Django under ASGI writes a whole body to disk before any view sees it, so that no view can do this.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class _TooLargeError(Exception):
    """More has arrived than is taken in."""


def with_body_limit(application: Application, *, max_bytes: Callable[[Scope], int]) -> Application:
    """The same application for bodies of at most `max_bytes(scope)`; any other is answered 413 and read no further."""

    async def limited(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        most = max_bytes(scope)
        if _announced(scope) > most:
            await _refuse(send, most)
            return
        try:
            await application(scope, _counted(receive, most), send)
        except _TooLargeError:
            await _refuse(send, most)

    return limited


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


def _counted(receive: Receive, max_bytes: int) -> Receive:
    arrived = 0

    async def counting() -> Message:
        nonlocal arrived
        message = await receive()
        arrived += len(message.get("body", b""))
        if arrived > max_bytes:
            raise _TooLargeError
        return message

    return counting


async def _refuse(send: Send, max_bytes: int) -> None:
    text = f"This is larger than the {max_bytes // 2**20:,} MiB that this address takes in at once. Nothing was kept.\n"
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})
