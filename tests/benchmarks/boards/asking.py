"""A client that costs next to nothing beside the server that it asks: prepared bytes over kept connections."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Self


@dataclass(frozen=True)
class Answer:
    """What the server said: status, milliseconds in it, statements to the database, and the length of the body."""

    status: int
    milliseconds: float
    queries: int
    length: int


class Line:
    """One connection, used again and again; use it in a `with` block."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def ask(self, path: str, cookie: str = "") -> Answer:
        """GET, and read the whole answer."""
        told = f"Cookie: {cookie}\r\n" if cookie else ""
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{told}\r\n".encode())
        head, _, body = self._until_head().partition(b"\r\n\r\n")
        status, *lines = head.decode("latin-1").split("\r\n")
        said = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        length = int(said["content-length"])
        missing = length - len(body)
        while missing:
            missing -= len(self._received(min(missing, 2**20)))
        return Answer(int(status.split()[1]), float(said["x-milliseconds"]), int(said["x-queries"]), length)

    def _until_head(self) -> bytes:
        found = b""
        while b"\r\n\r\n" not in found:
            found += self._received(2**16)
        return found

    def _received(self, most: int) -> bytes:
        piece = self._socket.recv(most)
        if not piece:
            raise ConnectionError("the server hung up")
        return piece


def one_after_another(port: int, path: str, times: int) -> list[Answer]:
    """On one connection."""
    with Line(port) as line:
        return [line.ask(path) for _ in range(times)]


def per_second(port: int, path: str, seconds: float, lines: int) -> float:
    """Answers with status 200 in a second, from so many connections that each ask again at once."""

    def keep_asking(until: float) -> int:
        with Line(port) as line:
            done = int(line.ask(path).status == 200)  # however late this line came to it
            while time.monotonic() < until:
                done += line.ask(path).status == 200
        return done

    begin = time.monotonic()
    with ThreadPoolExecutor(lines) as pool:
        done = sum(pool.map(keep_asking, [begin + seconds] * lines))
    return done / (time.monotonic() - begin)
