"""The test server's connections: what is under way keeps a test's rows, what has ended does not."""

import socket

import pytest

from tests.e2e.connections import Connections

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_request_that_is_on_its_way_is_waited_for_and_named(site: str, connections: Connections) -> None:
    host, _, port = site.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as half:
        half.sendall(b"GET /healthz HTTP/1.1\r\n")

        with pytest.raises(AssertionError, match="connections to the test server are open"):
            connections.wait_for_none(longest=0)

    connections.wait_for_none()
