"""A client of the tus protocol that can be rude: it drops lines, stalls, and sends what it should not."""

from __future__ import annotations

import base64
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx

VERSION = {"Tus-Resumable": "1.0.0"}
BYTES = {"Content-Type": "application/offset+octet-stream"}


def metadata(**values: str) -> dict[str, str]:
    """The header Upload-Metadata."""
    pairs = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())
    return {"Upload-Metadata": pairs}


class Sender:
    """`http` has the session of one person at one site."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http

    def begin(self, length: int, *, headers: dict[str, str] | None = None, **values: str) -> httpx.Response:
        """Ask for a place for a file."""
        told = VERSION | {"Upload-Length": str(length)} | metadata(**({"filename": "data.zip"} | values))
        return self.http.post("/uploads/", headers=told | (headers or {}))

    def begun(self, length: int, **values: str) -> str:
        """The address of such a place."""
        answer = self.begin(length, **values)
        assert answer.status_code == 201, answer.text
        return answer.headers["Location"]

    def look(self, address: str) -> httpx.Response:
        """Ask how far it is."""
        return self.http.head(address, headers=VERSION)

    def offset(self, address: str) -> int:
        """How far it is."""
        answer = self.look(address)
        assert answer.status_code == 200, answer.status_code
        return int(answer.headers["Upload-Offset"])

    def put(self, address: str, data: bytes, offset: int, **headers: str) -> httpx.Response:
        """Send a piece."""
        told = VERSION | BYTES | {"Upload-Offset": str(offset)} | {k.replace("_", "-"): v for k, v in headers.items()}
        return self.http.patch(address, content=data, headers=told)

    def discard(self, address: str) -> httpx.Response:
        """Give it up."""
        return self.http.delete(address, headers=VERSION)

    @contextmanager
    def half_sent(self, address: str, data: bytes, offset: int, *, sent: int, **more: str) -> Iterator[socket.socket]:
        """Announce all of `data`, send the first `sent` bytes; at the end of the block the line is dropped."""
        site = urlsplit(str(self.http.base_url))
        assert site.hostname
        assert site.port
        told = VERSION | BYTES | {"Upload-Offset": str(offset), "Content-Length": str(len(data))}
        told |= {"Host": site.netloc, "Cookie": self.cookie} | {k.replace("_", "-"): v for k, v in more.items()}
        head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        with socket.create_connection((site.hostname, site.port), timeout=30) as line:
            line.sendall(f"PATCH {address} HTTP/1.1\r\n{head}\r\n".encode())
            line.sendall(data[:sent])
            yield line

    @contextmanager
    def again(self) -> Iterator[Sender]:
        """The same person on a connection of its own, which may lead to another web process."""
        kept = {"base_url": self.http.base_url, "cookies": self.http.cookies}
        with httpx.Client(**kept, timeout=60, trust_env=False) as http:  # type: ignore[arg-type]
            yield Sender(http)

    @property
    def cookie(self) -> str:
        """The session, as a header: what a program such as tuspy is given."""
        return f"sessionid={self.http.cookies['sessionid']}"
