"""A line between two programs of this machine that a test can cut and mend."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import Self


class Forwarder:
    """Takes connections on a port of loopback and passes them on to a Unix socket, unless it is cut."""

    def __init__(self, target: Path) -> None:
        self.is_cut = False
        self._target = target
        self._open: list[socket.socket] = []
        self._changing = threading.Lock()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()
        self.cut()

    def cut(self) -> None:
        """End every connection, and refuse new ones."""
        with self._changing:  # or one that is being taken in at this moment would stay
            self.is_cut = True
            for each in self._open:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
                each.close()
            self._open.clear()

    def mend(self) -> None:
        """Take connections again."""
        self.is_cut = False

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._server.accept()
                with self._changing:
                    if self.is_cut:
                        near.close()
                        continue
                    far = socket.socket(socket.AF_UNIX)
                    far.connect(str(self._target))
                    self._open += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=_pump, args=(one, other), daemon=True).start()


def _pump(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while piece := one.recv(65536):
            other.sendall(piece)
        other.shutdown(socket.SHUT_WR)
