"""The Docker Engine behind a socket that leaves chosen questions without an answer, or drips one without an end."""

import socket
import socketserver
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ENGINE = "/var/run/docker.sock"
EVERYTHING = "everything"
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


@dataclass
class StallingEngine:
    """Passes everything on until a container was started; from then on not what `silent` and `dripping` name.

    A question is named by the last part of its path (`logs`, `stats`, `wait`, `json`, `kill`); `delete` removes.
    """

    address: str
    silent: set[str] = field(default_factory=set)
    dripping: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    has_started: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)

    def answers_again(self) -> None:
        """Every question from now on."""
        self.silent.clear()
        self.dripping.clear()


@contextmanager
def stalling_engine() -> Iterator[StallingEngine]:
    """An Engine of this machine that can be made to hang."""
    # A socket's path must be short, and pytest's folders are not.
    with tempfile.TemporaryDirectory(prefix="engine-") as folder:
        path = Path(folder) / "sock"
        engine = StallingEngine(f"unix://{path}")
        server = _Server(str(path), type("Bound", (_Caller,), {"engine": engine}))
        serving = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        serving.start()
        yield engine
        engine.over.set()
        server.shutdown()
        server.server_close()
        serving.join()


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    block_on_close = False


class _Caller(socketserver.BaseRequestHandler):
    """One connection, and one question: the answer closes it."""

    engine: StallingEngine

    def handle(self) -> None:
        head, body = _question(self.request)
        if not head:
            return
        method, path, _ = head.split(b"\r\n", 1)[0].decode().split()
        name = "delete" if method == "DELETE" else path.partition("?")[0].rpartition("/")[2]
        self.engine.asked.append(name)
        if self.engine.has_started.is_set() and {name, EVERYTHING} & self.engine.silent:
            self.engine.over.wait()
        elif self.engine.has_started.is_set() and name in self.engine.dripping:
            self._drip()
        else:
            self._pass_on(head, body, starts=name == "start")

    def _drip(self) -> None:
        try:
            self.request.sendall(CHUNKED)
            while not self.engine.over.wait(0.1):
                self.request.sendall(b"1\r\nx\r\n")
        except OSError:
            return

    def _pass_on(self, head: bytes, body: bytes, *, starts: bool) -> None:
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
        with socket.socket(socket.AF_UNIX) as engine:
            engine.connect(ENGINE)
            engine.sendall(b"\r\n".join([*lines, b"Connection: close", b"", body]))
            try:
                while piece := engine.recv(65536):
                    if starts:  # before the caller knows: their next question may come at once
                        self.engine.has_started.set()
                    self.request.sendall(piece)
            except OSError:
                return


def _question(caller: socket.socket) -> tuple[bytes, bytes]:
    """The lines before the empty one, and the body; nothing where the caller went away."""
    read = b""
    while b"\r\n\r\n" not in read:
        piece = caller.recv(65536)
        if not piece:
            return b"", b""
        read += piece
    head, _, body = read.partition(b"\r\n\r\n")
    lengths = [int(line.partition(b":")[2]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-le")]
    while len(body) < sum(lengths):
        body += caller.recv(65536)
    return head, body
