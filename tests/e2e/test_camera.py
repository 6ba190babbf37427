"""The browser that the tests drive hears nothing of interfaces that other tests make and take away."""

import os
import subprocess
import sys
from errno import EAFNOSUPPORT

from tests.e2e.camera import UNDISTURBED

ASKS = """
import socket
socket.socket(socket.AF_INET).close()
try:
    socket.socket(socket.AF_NETLINK)
except OSError as error:
    print(error.errno)
"""


def test_what_is_started_undisturbed_gets_no_news_of_the_network() -> None:
    environment = {**os.environ, "FIXPOINT_CHROMIUM_PROGRAM": sys.executable}

    told = subprocess.run([UNDISTURBED, "-c", ASKS], env=environment, check=True, capture_output=True, text=True)

    assert told.stdout == f"{EAFNOSUPPORT}\n"
