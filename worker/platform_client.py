"""The one channel up: claim, heartbeat, report and blobs over HTTPS."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import urljoin

import httpx
from pydantic import TypeAdapter, ValidationError

from worker.contract import Claim, ClaimRequest, Hello, Job, Orders, Reply, Report, Terms

CHUNK = 1024 * 1024
LONGEST_ANSWER = 16 * 1024 * 1024
FENCED = frozenset({401, 404, 409, 410})
EXPIRED = frozenset({401, 403, 410})
"""What a store says to a signed address whose time is over."""

# A reader at home must not need a proxy's leave to reach the platform on the same machine.
DIRECT: dict[str, httpx.BaseTransport | None] = dict.fromkeys(
    ("all://127.0.0.1", "all://localhost", "all://[::1]"), None
)

_CLAIM_REQUEST = TypeAdapter(ClaimRequest)
_CLAIM = TypeAdapter(Claim)
_REPORT = TypeAdapter(Report)
_HELLO = TypeAdapter(Hello)
_ORDERS = TypeAdapter(Orders)
_REPLY = TypeAdapter(Reply)
_TERMS = TypeAdapter(Terms)
Answered = TypeVar("Answered")


class UnreachableError(Exception):
    """No answer, or a server's own error: worth another try."""


class RefusedError(Exception):
    """The platform or the store said no, and would say no again."""

    def __init__(self, what: str, status: int) -> None:
        super().__init__(f"{what} was refused with status {status}.")
        self.status = status


class StaleError(RefusedError):
    """The attempt is no longer current, or another worker has it: drop the job quietly."""


class MismatchError(RefusedError):
    """Platform and worker speak other contracts or hold other recipes: drop the job loudly."""


class StrangerError(RefusedError):
    """The platform does not believe this worker its name: drop the job loudly."""


class FencedError(RefusedError):
    """The attempt is no longer ours: stop at once and clean up."""


class ExpiredError(RefusedError):
    """A signed address is past its time: claim again with the same key for a fresh one."""


class Platform:
    """The platform as a worker sees it. Safe to use from several threads."""

    def __init__(self, base: str, *, token: str = "", timeout: float = 10.0) -> None:
        self._base = base + "/"
        self._signed = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(timeout=httpx.Timeout(timeout, read=20.0, write=20.0), mounts=DIRECT)

    def close(self) -> None:
        """Give up the connections."""
        self._http.close()

    def claim(self, request: ClaimRequest) -> Claim:
        """Ask for an attempt. Raises StaleError, MismatchError, StrangerError, UnreachableError, RefusedError."""
        body = _CLAIM_REQUEST.dump_json(request)
        response = self._post("api/worker/claim", body, headers=self._signed)
        match response.status_code:
            case 200:
                return _parsed(_CLAIM, response)
            case 409:
                raise StaleError("The claim", 409)
            case 403:
                raise StrangerError("The claim", 403)
            case 426:
                raise MismatchError("The claim", 426)
        raise RefusedError("The claim", response.status_code)

    def terms(self, *, timeout: float) -> Terms:
        """What the platform pins. Raises UnreachableError, RefusedError."""
        with _network():
            response = self._http.get(urljoin(self._base, "api/worker/terms"), timeout=timeout)
        if _is_passing(response.status_code):
            raise UnreachableError(f"The platform answered {response.status_code}.")
        if response.status_code != 200:
            raise RefusedError("The question for its terms", response.status_code)
        return _parsed(_TERMS, response)

    def hello(self, hello: Hello, token: str, *, timeout: float) -> Orders:
        """Tell of this worker. Raises UnreachableError, RefusedError."""
        headers = {"Authorization": f"Bearer {token}"}
        response = self._post("api/worker/hello", _HELLO.dump_json(hello), headers=headers, timeout=timeout)
        if response.status_code != 200:
            raise RefusedError("A hello", response.status_code)
        return _parsed(_ORDERS, response)

    def heartbeat(self, job: Job, key: str, *, timeout: float) -> Reply:
        """Say that the attempt lives. Raises FencedError, UnreachableError, RefusedError."""
        return self._say(job, key, "heartbeat", b"", timeout=timeout)

    def report(self, job: Job, key: str, report: Report, *, timeout: float = 10.0) -> Reply:
        """Deliver one fact; the same report may be delivered again. Raises as `heartbeat` does."""
        return self._say(job, key, "report", _REPORT.dump_json(report), timeout=timeout)

    @contextmanager
    def get(self, url: str) -> Generator[Iterator[bytes]]:
        """The bytes behind a signed address, in pieces. Raises ExpiredError, UnreachableError, RefusedError."""
        # What counts is the stored bytes; a compressed transfer would be another size.
        headers = {"Accept-Encoding": "identity"}
        with _network(), self._http.stream("GET", urljoin(self._base, url), headers=headers) as response:
            _check_blob("An input", response.status_code)
            yield response.iter_raw(CHUNK)

    def put(self, url: str, pieces: Iterator[bytes], size: int) -> None:
        """Hand in one output of exactly `size` bytes. Raises as `get` does."""
        headers = {"Content-Length": str(size), "Content-Type": "application/octet-stream"}
        with _network():
            response = self._http.put(urljoin(self._base, url), content=pieces, headers=headers)
        _check_blob("An output", response.status_code)

    def _say(self, job: Job, key: str, what: str, body: bytes, *, timeout: float) -> Reply:
        path = f"api/worker/attempts/{job.id}/{job.attempt}/{what}"
        response = self._post(path, body, headers={"Authorization": f"Bearer {key}"}, timeout=timeout)
        if response.status_code in FENCED:
            raise FencedError(f"A {what}", response.status_code)
        if response.status_code != 200:
            raise RefusedError(f"A {what}", response.status_code)
        return _parsed(_REPLY, response)

    def _post(self, path: str, body: bytes, *, headers: dict[str, str], timeout: float | None = None) -> httpx.Response:
        options: dict[str, Any] = {} if timeout is None else {"timeout": timeout}
        headers = {"Content-Type": "application/json", **headers}
        with _network():
            response = self._http.post(urljoin(self._base, path), content=body, headers=headers, **options)
        if _is_passing(response.status_code):
            raise UnreachableError(f"The platform answered {response.status_code}.")
        return response


@contextmanager
def _network() -> Generator[None]:
    """Failures of the network by one name, and without the address: a signed one is a secret."""
    try:
        yield
    except httpx.HTTPError as error:
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            raise UnreachableError(
                "Its certificate is not trusted: name the file of a private authority in SSL_CERT_FILE."
            ) from error
        raise UnreachableError(f"The network failed ({type(error).__name__}).") from error


def _is_passing(status: int) -> bool:
    """Whether the same request may well be answered otherwise in a moment."""
    return status >= 500 or status in {408, 425, 429}


def _check_blob(what: str, status: int) -> None:
    if status in {200, 201, 204}:
        return
    if _is_passing(status):
        raise UnreachableError(f"The store answered {status}.")
    if status in EXPIRED:
        raise ExpiredError(what, status)
    raise RefusedError(what, status)


def _parsed(adapter: TypeAdapter[Answered], response: httpx.Response) -> Answered:
    if len(response.content) > LONGEST_ANSWER:
        raise RefusedError("An answer of absurd length", response.status_code)
    try:
        return adapter.validate_json(response.content, strict=True)
    except ValidationError as error:
        # Not `from error`: pydantic's message repeats the input, and a claim's input holds signed addresses.
        fields = sorted({".".join(map(str, part["loc"])) for part in error.errors(include_input=False)})
        raise RefusedError(
            f"An answer that is not what the contract says ({fields[:5]})", response.status_code
        ) from None
