"""What stands between the workers and the platform: passes on, takes note, and where it is told to, does it badly."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

HOP = {"connection", "keep-alive", "transfer-encoding", "host", "content-length"}
LONGEST_HOLD = 1.5
KEPT = 40
_FACT = re.compile(rb'"fact":\s*"(\w+)"')
_PHASE = re.compile(rb'"phase":\s*"(\w+)"')


@dataclass(frozen=True)
class Request:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Notes:
    """What passed, in order, with the moment of its answer; whoever waits for something is told."""

    seen: list[tuple[float, str, str]] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def add(self, event: str, path: str) -> None:
        with self.changed:
            self.seen.append((time.monotonic(), event, path))
            self.changed.notify_all()

    def wait(self, event: str, since: float, seconds: float, is_over: Callable[[], bool] = lambda: False) -> bool:
        """Until the event has come after the moment `since`; False if it does not come in time."""
        deadline = time.monotonic() + seconds
        with self.changed:
            while not any(at >= since and name == event for at, name, _ in self.seen):
                if time.monotonic() > deadline or is_over():
                    return False
                self.changed.wait(0.1)
        return True


class Proxy:
    """`manner` is how it treats what it carries: plain, repeat, reorder, unanswered, delay. Blobs it only passes on."""

    def __init__(self, listen: str, platform_port: int) -> None:
        self.notes = Notes()
        self.manner = "plain"
        self.holding: Callable[[Request], None] = lambda _: None
        self._platform_port = platform_port
        self._random = random.Random(0)
        self._old: list[Request] = []
        self._server = _Server((listen, 0), type("Bound", (_Handler,), {"proxy": self}))
        self._server.daemon_threads = True
        self.url = f"http://{listen}:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def treat(self, manner: str, seed: int) -> None:
        """Change the manner; `seed` decides which requests are hit."""
        self._random = random.Random(seed)
        self.manner = manner

    def carry(self, request: Request) -> tuple[int, list[tuple[str, str]], bytes] | None:
        """The platform's answer, or None where it gets lost."""
        self.holding(request)
        if request.method == "GET":
            return self._asked(request)
        self._old = [*self._old[-KEPT:], request]
        self.notes.add(_name(request, asked=True), request.path)
        if self.manner == "delay" or (self.manner == "reorder" and self._random.random() < 0.5):
            time.sleep(self._random.uniform(0, LONGEST_HOLD))
        answer = self._asked(request)
        if self.manner == "repeat":
            answer = self._asked(request) or answer
        if self.manner == "reorder" and self._old:
            # Something that was said before, by whomever, is said again.
            self._asked(self._random.choice(self._old))
        if self.manner == "unanswered" and self._random.random() < 0.6:
            return None
        return answer

    def repeat_all(self) -> None:
        """Everything that was said lately once more, long after its time."""
        for request in list(self._old):
            self._asked(request)

    def _asked(self, request: Request) -> tuple[int, list[tuple[str, str]], bytes] | None:
        connection = HTTPConnection("127.0.0.1", self._platform_port, timeout=30)
        try:
            connection.request(request.method, request.path, request.body or None, request.headers)
            answer: HTTPResponse = connection.getresponse()
            body = answer.read()
        except (OSError, HTTPException):
            return 502, [], b""
        finally:
            connection.close()
        if answer.status < 300:
            self.notes.add(_name(request), request.path)
        return answer.status, answer.getheaders(), body


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A worker that was killed in the middle of a request is what a campaign is about."""


class _Handler(BaseHTTPRequestHandler):
    proxy: Proxy
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 120

    def do_GET(self) -> None:
        self._pass()

    def do_POST(self) -> None:
        self._pass()

    def do_PUT(self) -> None:
        self._pass()

    def _pass(self) -> None:
        try:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
            answer = self.proxy.carry(Request(self.command, self.path, headers, body))
            if answer is None:
                self.close_connection = True
                return
            status, headers_back, content = answer
            self.send_response_only(status)
            for name, value in headers_back:
                if name.lower() not in HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            self.close_connection = True  # the worker died, or its cable was pulled

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _name(request: Request, *, asked: bool = False) -> str:
    """What a request is in the campaign's words; with an `asking` before it as long as it has no answer."""
    path = request.path
    if path.endswith("/report"):
        fact, phase = _FACT.search(request.body), _PHASE.search(request.body)
        name = f"{fact[1].decode() if fact else '?'}:{phase[1].decode() if phase else '?'}"
    elif path.endswith("/claim"):
        name = "claim"
    elif path.endswith(("/heartbeat", "/hello")):
        name = path.rpartition("/")[2]
    else:
        name = "blob" if path.startswith("/blobs/") else "put"
    return f"asking {name}" if asked else name
