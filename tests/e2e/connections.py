"""Connections that the test server has taken in: a test's rows go only when nobody reads them any more."""

import http.client
import threading
from typing import Any

from pytest_django.live_server_helper import LiveServer

LONGEST_SECONDS = 30
"""A page asks for a hundred thumbnails, and the machine may have other work."""


class Connections:
    """Those of one server, from now on. A browser that is told to close leaves requests behind it on their way."""

    def __init__(self, server: LiveServer) -> None:
        self._host, self._port = server.thread.host, server.thread.port
        self._changed = threading.Condition()
        self._open = 0
        http_server: Any = server.thread.httpd
        self._take_in, self._serve = http_server.process_request, http_server.process_request_thread
        http_server.process_request, http_server.process_request_thread = self._counted, self._served

    def wait_for_none(self, longest: float = LONGEST_SECONDS) -> None:
        """Return when nothing that was sent until now is in progress; AssertionError after `longest` seconds."""
        self._expect_taken_in()
        with self._changed:
            ended = self._changed.wait_for(lambda: not self._open, longest)
        assert ended, f"{self._open} connections to the test server are open still: close each context in its test."

    def _expect_taken_in(self) -> None:
        # Connections are taken in one after the other: once this one is answered, none of an earlier moment waits.
        own = http.client.HTTPConnection(self._host, self._port, timeout=LONGEST_SECONDS)
        try:
            own.request("GET", "/static/img/logo.svg", headers={"Connection": "close"})
            own.getresponse().read()
        finally:
            own.close()

    def _counted(self, *given: object) -> None:
        # By who takes them in: their thread may come to its first line after later ones were answered.
        with self._changed:
            self._open += 1
        try:
            self._take_in(*given)
        except BaseException:
            self._ended()
            raise

    def _served(self, *given: object) -> None:
        try:
            self._serve(*given)
        finally:
            self._ended()

    def _ended(self) -> None:
        with self._changed:
            self._open -= 1
            self._changed.notify_all()
