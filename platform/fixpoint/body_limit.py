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
Told = Callable[[Scope, int], tuple[Mapping[str, str], str]]
"""What is answered to a body of more bytes than that: headers and text."""


class _TooLargeError(Exception):
    """More has arrived than is taken in."""


def with_body_limit(application: Application, *, max_bytes: Callable[[Scope], int], told: Told) -> Application:
    """The same application for bodies of at most `max_bytes(scope)`; any other is answered 413 and read no further."""

    async def limited(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        most = max_bytes(scope)
        if _announced(scope) > most:
            await _refuse(send, *told(scope, most))
            return
        try:
            await application(scope, _counted(receive, most), send)
        except _TooLargeError:
            await _refuse(send, *told(scope, most))

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


async def _refuse(send: Send, headers: Mapping[str, str], text: str) -> None:
    lines = [(name.lower().encode(), value.encode()) for name, value in {**headers, "Connection": "close"}.items()]
    await send({"type": "http.response.start", "status": 413, "headers": lines})
    await send({"type": "http.response.body", "body": text.encode()})
