"""An upload whose line dropped: what may be lost of it, and going on with it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from tests.uploads.conftest import until
from tests.uploads.sender import Sender

IN_FLIGHT = 2**18
"""What may be lost of a line that drops: buffers of the server, the bytes on which it had not laid hands."""


@contextmanager
def begun(sender: Sender, address: str, data: bytes, at: int) -> Iterator[socket.socket]:
    """A line on which all the rest was announced and a byte has arrived: from here on its request holds the upload.

    One that nobody has looked at yet would begin behind whatever is asked next, and be refused or refuse it.
    """
    with sender.half_sent(address, data[at:], at, sent=1) as line:
        until(lambda: sender.offset(address) > at)
        yield line


def go_on(sender: Sender, address: str, data: bytes) -> None:
    """From where the site says; the request before may still be ending."""
    until(lambda: sender.put(address, data[(at := sender.offset(address)) :], at).status_code == 204)
