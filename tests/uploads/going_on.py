"""An upload whose line dropped: what may be lost of it, and going on with it."""

from tests.uploads.conftest import until
from tests.uploads.sender import Sender

IN_FLIGHT = 2**18
"""What may be lost of a line that drops: buffers of the server, the bytes on which it had not laid hands."""


def go_on(sender: Sender, address: str, data: bytes) -> None:
    """From where the site says; the request before may still be ending."""
    until(lambda: sender.put(address, data[(at := sender.offset(address)) :], at).status_code == 204)
