"""Ports of loopback for programs that are started later: held until then, so that nobody else is given them."""

import socket

HOST = "127.0.0.1"
"""For other people's browsers there is Docker Compose, with a proxy before it."""


def port_held(port: int = 0) -> int:
    """This port, or a free one; held until this process ends. OSError where somebody listens on it.

    Whoever says SO_REUSEADDR, as Redis and the web server do, may listen there all the same; nobody gets it unasked.
    """
    with socket.socket() as holding:
        holding.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holding.bind((HOST, port))
        port = holding.getsockname()[1]
        holding.detach()  # the descriptor stays open, and is not inherited
    return port
