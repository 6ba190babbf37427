"""A small platform that a test scripts: a real HTTP server, threads and all, that remembers everything it was sent."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from pydantic import TypeAdapter

from worker.contract import Claim, ClaimRequest, Hello, Input, Report

_HELLO = TypeAdapter(Hello)
_REPORT = TypeAdapter(Report)
_REQUEST = TypeAdapter(ClaimRequest)
CONTINUE = (200, {"answer": "continue"})
WORK = (200, {"duty": "work", "hello_seconds": 0.1})
REST = (200, {"duty": "rest", "hello_seconds": 0.1})
CANCEL = (200, {"answer": "cancel"})

Answer = tuple[int, dict[str, Any]]


@dataclass
class ScriptedPlatform:
    """Answers `continue` until told otherwise; `claim` is what a claim is answered with."""

    claim: Claim | None = None
    blobs: dict[str, bytes] = field(default_factory=dict)
    is_down: bool = False
    claim_status: int = 200
    on_heartbeat: Callable[[], Answer] = lambda: CONTINUE
    on_report: Callable[[Report], Answer] = lambda report: CONTINUE
    on_get: Callable[[str], int] = lambda path: 200
    on_put: Callable[[str], int] = lambda path: 201
    on_hello: Callable[[], Answer] = lambda: WORK
    hellos: list[tuple[str, Hello]] = field(default_factory=list)
    claims: list[ClaimRequest] = field(default_factory=list)
    claims_signed: list[str] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    report_times: list[float] = field(default_factory=list)
    heartbeats: int = 0
    gets: list[str] = field(default_factory=list)
    puts: dict[str, bytes] = field(default_factory=dict)
    signed_with_key: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"platform": self}))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def hold(self, name: str, content: bytes) -> Input:
        """Keep a blob, and give the Input that names it."""
        url = f"/blobs/{name}?signature=secret"
        self.blobs[f"/blobs/{name}"] = content
        return Input(name=name, sha256=hashlib.sha256(content).hexdigest(), size=len(content), url=url)

    @property
    def facts(self) -> list[str]:
        return [f"{report.fact}:{report.phase}" for report in self.reports if report.fact != "progress"]

    @property
    def outputs(self) -> dict[str, bytes]:
        """What came, by name, whether it was PUT or stood in a report."""
        put = {path.rpartition("/")[2]: content for path, content in self.puts.items()}
        delivered = (each for report in self.reports for each in report.delivered)
        return put | {each.name: base64.b64decode(each.content) for each in delivered if each.content is not None}

    @property
    def last(self) -> Report:
        return self.reports[-1]


class Handler(BaseHTTPRequestHandler):
    """One connection; a subclass names the platform it speaks for."""

    platform: ScriptedPlatform
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        body = self._body()
        if self.platform.is_down:
            self._answer(503, {})
        elif self.path == "/api/worker/hello":
            self.platform.hellos.append(
                (self.headers.get("Authorization", ""), _HELLO.validate_json(body, strict=True))
            )
            self._answer(*self.platform.on_hello())
        elif self.path == "/api/worker/claim":
            self.platform.claims_signed.append(self.headers.get("Authorization", ""))
            self.platform.claims.append(_REQUEST.validate_json(body, strict=True))
            claim = asdict(self.platform.claim) if self.platform.claim and self.platform.claim_status == 200 else {}
            self._answer(self.platform.claim_status, claim)
        elif self.headers.get("Authorization") != f"Bearer {self.platform.claims[-1].key}":
            self._answer(401, {})
        elif self.path.endswith("/heartbeat"):
            self.platform.heartbeats += 1
            self._answer(*self.platform.on_heartbeat())
        else:
            self._take(_REPORT.validate_json(body, strict=True))

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.platform.gets.append(path)
        self._note_signature()
        status = 503 if self.platform.is_down else self.platform.on_get(path)
        self._send(status, self.platform.blobs.get(path, b"") if status == 200 else b"")

    def do_PUT(self) -> None:
        path = self.path.partition("?")[0]
        self._note_signature()
        body = self._body()
        status = 503 if self.platform.is_down else self.platform.on_put(path)
        if status in {200, 201}:
            self.platform.puts[path] = body
        self._send(status, b"")

    def _take(self, report: Report) -> None:
        status, answer = self.platform.on_report(report)
        if status == 200:
            self.platform.reports.append(report)
            self.platform.report_times.append(time.monotonic())
        self._answer(status, answer)

    def _note_signature(self) -> None:
        if "Authorization" in self.headers:
            self.platform.signed_with_key.append(self.path)

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _answer(self, status: int, value: dict[str, Any]) -> None:
        self._send(status, json.dumps(value).encode())

    def _send(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing: a test's output is the test's."""
