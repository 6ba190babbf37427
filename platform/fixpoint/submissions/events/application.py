"""An entry's events as a raw ASGI application: a view of Django's would hold a thread and a connection meanwhile."""

import asyncio
import re
from collections.abc import Collection
from http import HTTPStatus
from urllib.parse import parse_qs
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpResponse

from fixpoint.accounts.sessions import user_of
from fixpoint.body_limit import Application, Receive, Scope, Send
from fixpoint.leaving import leaving
from fixpoint.submissions.events.asking import STREAM, Admitted, admitted
from fixpoint.submissions.events.looks import Look, looks_at
from fixpoint.submissions.events.places import RETRY_SECONDS, NoPlaceError, Places
from fixpoint.submissions.events.watch import Watch
from fixpoint.submissions.events.words import BEGINNING, HEARTBEAT, told
from fixpoint.uploads.threads import Threads

HEARTBEAT_SECONDS = 15.0
LIFE_SECONDS = 300.0
"""Then the browser asks anew, and whether it still may see the entry is looked up anew."""
THREADS = 2
"""For looking; a stream itself holds none."""
_ADDRESS = re.compile(r"/entries/([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})/events/")


def with_events(application: Application) -> Application:
    """The same application, with the events of entries answered here."""
    streams = _Streams()

    async def either(scope: Scope, receive: Receive, send: Send) -> None:
        found = _ADDRESS.fullmatch(scope["path"]) if [scope["type"], scope.get("method")] == ["http", "GET"] else None
        if found is None:
            await application(scope, receive, send)
        else:
            await streams.answer(UUID(found[1]), scope, receive, send)

    return either


class _Streams:
    """All of a process."""

    def __init__(self) -> None:
        self._threads = Threads(THREADS, "events")
        self._watch = Watch(self._look)
        self._places = Places(most=settings.MAX_STREAMS, most_of_one=settings.MAX_STREAMS_PER_PERSON)
        self._leaving: asyncio.Event | None = None

    async def answer(self, entry: UUID, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            self._places.expect_any()
            found = await self._threads.run(_asked, entry, scope)
            if isinstance(found, HttpResponse):
                await _send_whole(found, send)
                return
            with self._places.place_of(found.person):
                await self._stream(entry, found, _seen(scope), receive, send)
        except NoPlaceError as error:
            await _send_whole(_later(error.status, str(error)), send)
        except DatabaseError:
            await _send_whole(_later(HTTPStatus.SERVICE_UNAVAILABLE, "The database does not answer.\n"), send)

    async def _look(self, entries: Collection[UUID]) -> dict[UUID, Look]:
        return await self._threads.run(looks_at, entries)

    async def _stream(self, entry: UUID, found: Admitted, seen: str, receive: Receive, send: Send) -> None:
        """Until the entry is over, its viewer gone, the server asked to end, or the stream's life over."""
        self._leaving = self._leaving or leaving()
        await send({"type": "http.response.start", "status": HTTPStatus.OK, "headers": _headers(STREAM)})
        with self._watch.viewing(entry, found.look) as woken:
            telling = asyncio.create_task(self._tell(entry, seen, woken, send))
            others = [asyncio.create_task(_gone(receive)), asyncio.create_task(self._leaving.wait())]
            try:
                await asyncio.wait([telling, *others], timeout=LIFE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for each in (telling, *others):
                    each.cancel()
                await asyncio.gather(telling, *others, return_exceptions=True)
        await send({"type": "http.response.body", "body": b""})

    async def _tell(self, entry: UUID, seen: str, woken: asyncio.Event, send: Send) -> None:
        await _send_part(BEGINNING, send)
        while True:
            look = self._watch.newest(entry)
            if look.version != seen:
                seen = look.version
                await _send_part(told(look), send)
            if look.is_final:
                return
            try:
                async with asyncio.timeout(HEARTBEAT_SECONDS):
                    await woken.wait()
            except TimeoutError:
                await _send_part(HEARTBEAT, send)
            woken.clear()


def _asked(entry: UUID, scope: Scope) -> Admitted | HttpResponse:
    return admitted(user_of(scope), entry, scope["path"], _seen(scope))


def _seen(scope: Scope) -> str:
    """What the browser knows: of a stream that broke by its header, of the page itself by its address."""
    for name, value in scope["headers"]:
        if name == b"last-event-id":
            return str(value.decode("latin-1"))
    query: str = scope["query_string"].decode("latin-1")
    return parse_qs(query).get("after", [""])[-1]


def _later(status: HTTPStatus, says: str) -> HttpResponse:
    told_when = {"Retry-After": str(RETRY_SECONDS), "Cache-Control": "private, no-store"}
    return HttpResponse(says, status=status, headers=told_when, content_type="text/plain; charset=utf-8")


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send_whole(answer: HttpResponse, send: Send) -> None:
    headers = _headers({"Content-Length": str(len(answer.content))} | dict(answer.items()))
    await send({"type": "http.response.start", "status": answer.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": answer.content})


async def _send_part(text: str, send: Send) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


def _headers(told_with: dict[str, str]) -> list[tuple[bytes, bytes]]:
    known = {"X-Content-Type-Options": "nosniff"} | told_with
    return [(name.lower().encode("ascii"), value.encode("latin-1")) for name, value in known.items()]
