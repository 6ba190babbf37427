"""A large form of the wizard's is read of organizers alone; whoever else sends one is told before a byte is read."""

from typing import Any

import pytest
from asgiref.sync import async_to_sync

from fixpoint.organizing.wizard import door
from fixpoint.organizing.wizard.door import with_wizard

MOST = 100


def asked(path: str, length: bytes | None, method: str = "POST") -> tuple[bool, int]:
    """Whether the application behind the door was asked, and the status that was sent; nobody is signed in."""
    passed, sent = answered(path, length, method)
    return passed, next((each["status"] for each in sent if "status" in each), 0)


def answered(path: str, length: bytes | None, method: str = "POST", **told: str) -> tuple[bool, list[dict[str, Any]]]:
    """Whether the application behind the door was asked, and the messages that were sent."""
    headers = [(b"host", b"testserver"), *([(b"content-length", length)] if length is not None else [])]
    headers += [(name.replace("_", "-").encode(), value.encode()) for name, value in told.items()]
    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": headers, "scheme": "http"}
    passed, sent = [], []

    async def application(*_: Any) -> None:
        passed.append(True)

    async def receive() -> dict[str, Any]:
        raise AssertionError("a byte of the form was read")

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async_to_sync(with_wizard(application, most_unasked=MOST))(scope, receive, send)
    return bool(passed), sent


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


def test_a_program_is_told_a_sentence_and_a_browser_a_page_in_its_language() -> None:
    _, (head, body) = answered("/organize/new/", b"101")
    assert dict(head["headers"])[b"content-type"] == b"text/plain; charset=utf-8"
    assert body["body"].decode().startswith("Sign in first. ")

    _, (head, body) = answered("/organize/new/", b"101", accept="text/html,*/*;q=0.8", accept_language="fr")
    headers, page = dict(head["headers"]), body["body"].decode()
    assert head["status"] == 401
    assert headers[b"content-type"] == b"text/html; charset=utf-8"
    assert b"default-src" in headers[b"content-security-policy"]
    assert headers[b"connection"] == b"close"
    assert '<html lang="fr"' in page
    assert "Connectez-vous d’abord." in page


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "status"), [("participant", 404), ("organizer", 0)])
def test_who_runs_no_tasks_is_told_in_their_language_that_there_is_nothing(
    monkeypatch: pytest.MonkeyPatch, rows: Any, role: str, status: int
) -> None:
    somebody = rows.person("somebody", role=role)
    monkeypatch.setattr(door, "person_of", lambda _scope: somebody)

    passed, sent = answered("/organize/new/", b"101", accept="text/html", accept_language="fr")

    assert (passed, [each["status"] for each in sent if "status" in each]) == (not status, [status] if status else [])
    if status:
        assert "<h1>Cet envoi n’a pas été accepté</h1>" in sent[1]["body"].decode()
