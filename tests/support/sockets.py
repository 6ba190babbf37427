"""Ports of loopback: one that listens and never says a word, one that refuses, one that is kept for a server."""

from __future__ import annotations

import os
import socket
import weakref
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def silent_port() -> Iterator[int]:
    """A port of loopback that takes connections and leaves them without an answer."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield server.getsockname()[1]


def closed_port() -> int:
    """A port on which nobody listens, nor will before this process ends."""
    return _taken()[0]


def port_for(owner: object) -> int:
    """A port that the system gives to nobody else as long as `owner` is there; it refuses connections until its server
    listens, which must say SO_REUSEADDR as web servers, PostgreSQL, Redis and Docker do.
    """
    port, descriptor = _taken()
    weakref.finalize(owner, os.close, descriptor)
    return port


def _taken() -> tuple[int, int]:
    """Bound without listening. A port that is only looked up may be another's when its server comes to it."""
    with socket.socket() as holding:
        holding.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holding.bind(("127.0.0.1", 0))
        return int(holding.getsockname()[1]), holding.detach()
