"""A large form of the wizard's is read of organizers alone; whoever else sends one is told before a byte is read."""

from typing import Any

import pytest
from asgiref.sync import async_to_sync

from fixpoint.organizing.wizard.door import with_wizard

MOST = 100


def asked(path: str, length: bytes | None, method: str = "POST") -> tuple[bool, int]:
    """Whether the application behind the door was asked, and the status that was sent; nobody is signed in."""
    headers = [(b"host", b"testserver"), *([(b"content-length", length)] if length is not None else [])]
    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": headers, "scheme": "http"}
    passed, sent = [], []

    async def application(*_: Any) -> None:
        passed.append(True)

    async def receive() -> dict[str, Any]:
        raise AssertionError("a byte of the form was read")

    async def send(message: dict[str, Any]) -> None:
        sent.append(message.get("status"))

    async_to_sync(with_wizard(application, most_unasked=MOST))(scope, receive, send)
    return bool(passed), next((each for each in sent if each), 0)


@pytest.mark.parametrize("path", ["/organize/new/", "/organize/numerals/label-book/"])
@pytest.mark.parametrize("length", [b"101", b"4000000000", None])
def test_a_large_form_of_somebody_who_is_not_signed_in_is_not_read(length: bytes | None, path: str) -> None:
    assert asked(path, length) == (False, 401)


@pytest.mark.parametrize(
    ("path", "length", "method"),
    [("/organize/new/", b"100", "POST"), ("/organize/new/", None, "GET"), ("/tasks/numerals/", b"4000", "POST")],
)
def test_all_else_is_for_the_views(path: str, length: bytes | None, method: str) -> None:
    assert asked(path, length, method) == (True, 0)
