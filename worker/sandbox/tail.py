"""The end of what a program said, whatever it said."""

import os
import threading

from worker.sandbox.protocol import LOG_BYTES

CHUNK = 64 * 1024


def tail_of(raw: bytes) -> str:
    """At most LOG_BYTES of UTF-8 from the end; bytes that are no text, and NUL, which databases refuse, are marked."""
    text = raw[-LOG_BYTES:].decode("utf-8", "replace").replace("\x00", "\N{REPLACEMENT CHARACTER}")
    return text.encode()[-LOG_BYTES:].decode("utf-8", "ignore")


class Tail:
    """Drains a pipe in a thread of its own, so that a flood neither blocks the program nor fills our memory."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self._kept = bytearray()
        self._thread = threading.Thread(target=self._drain, name="sandbox-log", daemon=True)
        self._thread.start()

    def text(self, patience: float) -> str:
        """What was said, once the pipe is closed or `patience` seconds have passed."""
        self._thread.join(patience)
        return tail_of(bytes(self._kept))

    def _drain(self) -> None:
        with os.fdopen(self._pipe, "rb", buffering=0) as pipe:
            while chunk := pipe.read(CHUNK):
                self._kept += chunk
                del self._kept[:-LOG_BYTES]
