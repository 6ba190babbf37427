"""Ports of loopback: one on which a server hangs, one on which nobody listens, and one that is kept for a server."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def silent_port() -> Iterator[int]:
    """A port of loopback that takes connections and leaves them without an answer."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield server.getsockname()[1]


def kept_port() -> socket.socket:
    """Bound to a port and deaf: until it is closed, whoever asks the kernel for any port is given another one.

    A server that is told this one listens there, and once more after its end, if it sets SO_REUSEADDR as all here do.
    """
    kept = socket.socket()
    kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    kept.bind(("127.0.0.1", 0))
    return kept


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
