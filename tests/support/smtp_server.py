"""A mail server on a port of this machine that speaks SMTP: it takes every mail and keeps it."""

import email
import socketserver
import threading
from email.message import Message
from types import TracebackType
from typing import Self


class SmtpServer:
    """Use it in a `with` block; `mails` are those that have arrived."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        server = self

        class Talk(socketserver.StreamRequestHandler):
            """One connection."""

            def handle(self) -> None:
                self._say("220 here")
                while line := self.rfile.readline().decode().strip():
                    word = line.split(" ")[0].upper()
                    if word == "DATA":
                        self._say("354 go on")
                        server.mails.append(email.message_from_string(self._body()))
                    self._say("221 bye" if word == "QUIT" else "250 well")
                    if word == "QUIT":
                        return

            def _body(self) -> str:
                lines = []
                while (line := self.rfile.readline().decode()).rstrip("\r\n") != ".":
                    lines.append(line.removeprefix(".") if line.startswith("..") else line)
                return "".join(lines)

            def _say(self, text: str) -> None:
                self.wfile.write(f"{text}\r\n".encode())

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
