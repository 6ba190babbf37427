"""Everybody asks in turn: each request with a valid CSRF token, seen from outside, and taken back after it."""

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

from tests.access.table import Asked
from tests.access.world import PEOPLE, World
from tests.support.bundles import entry_files
from tests.support.platform import zip_of

CSRF = "c" * 32
UNKEPT = {"django_session"}
"""Tables whose rows are nobody's things."""
_ZIP = zip_of(entry_files())


@dataclass(frozen=True)
class Seen:
    """What came back, and whether anything that is kept is another than before."""

    status: int
    location: str
    headers: Mapping[str, str]
    body: bytes
    has_changed: bool


class Visitors:
    """All people of PEOPLE, each with a browser of their own."""

    def __init__(self, world: World, home: Path) -> None:
        self.world = world
        self._home = home
        self._kept = shutil.copytree(home, home.with_name(f"{home.name}-kept"))
        self._clients = {name: Client(enforce_csrf_checks=True) for name in PEOPLE}
        self._folders = [home / "blobs", *(home / "blobs").iterdir()]
        self._rows, self._files = _rows(), self._listed()

    def ask(self, person: str, asked: Asked, *, csrf: str = CSRF, **headers: str) -> Seen:
        """One request; without `csrf` as a page of another site would make it."""
        client = self._clients[person]
        client.cookies.clear()
        client.cookies.load({"sessionid": self.world.sessions.get(person, ""), "csrftoken": CSRF})
        cache.clear()  # the brakes on signing in are tested elsewhere
        address = asked.address.format_map(self.world.places)
        told = {"headers": {"X-CSRFToken": csrf} | headers}
        with self._taken_back() as writes:
            if asked.method == "POST":
                answer = client.post(address, _form(address, self.world), **told)
            else:
                answer = client.generic(asked.method, address, **told)
            body = b"" if asked.method == "HEAD" else answer.getvalue()
            answer.close()
            return Seen(answer.status_code, answer.get("Location", ""), answer.headers, body, self._has_changed(writes))

    @contextmanager
    def _taken_back(self) -> Iterator[int]:
        with transaction.atomic():
            yield _writes()
            transaction.set_rollback(True)
        if self._listed() != self._files:
            self._restore()

    def _has_changed(self, writes: int) -> bool:
        return self._listed() != self._files or (_writes() != writes and _rows() != self._rows)

    def _listed(self) -> list[object]:
        """What arrives, file by file; of the store the folders, which a new or lost file leaves another mark on."""
        arriving = sorted((str(each), each.stat().st_size) for each in (self._home / "incoming").rglob("*"))
        return [arriving, *(each.stat().st_mtime_ns for each in self._folders)]

    def _restore(self) -> None:
        for name in ("incoming", "blobs"):
            shutil.rmtree(self._home / name)
            shutil.copytree(self._kept / name, self._home / name)
        self._files = self._listed()


def _form(address: str, world: World) -> dict[str, object]:
    """What a person would fill in."""
    if address.startswith("/datasets/new/"):
        return {"name": "a new one", "file": SimpleUploadedFile("new.zip", _ZIP, "application/zip")}
    if address.endswith("/people/"):
        return {"act": "link"}
    if address.endswith("/describe/"):
        return {"title": "a new title"}
    if address.endswith(("/rerun/", "/disqualify/", "/reinstate/", "/pause/", "/resume/")):
        return {"why": "to see it again"}
    if address.startswith("/status/incidents/"):
        return {"title": "Slow", "text": "A disk is full.", "began_at": "2026-01-02T03:04", "is_meant": "1"}
    if address == "/me/account/tokens/":
        return {"name": "a script", "days": "30"}
    if "/jury/" in address:
        return {"points": "4"}
    if address.startswith("/organize/"):
        return _FORMS.get(address.rstrip("/").rpartition("/")[2], {}) | {
            "why": "to see it again",
            "entry": world.places["scored" if address.endswith("/nominate/") else "queued"],
        }
    if address.startswith("/teams/") or address.endswith("/team/"):
        return {"name": "A new name", "member": "teammate"}
    return {"row": "0"} if address.endswith("/images.csv") else {}


_FORMS: dict[str, dict[str, object]] = {
    "close": {"is_meant": "on"},
    "dates": {"closes_at": "2999-01-01T00:00"},
    "announcements": {"title": "Newer data", "text": "More eights."},
    "entries": {"act": "cancel"},
    "extra": {"extra": "7"},
    "give": {"kind": "innovation"},
    "nominate": {"description": "A third of the images."},
    "name": {"username": "owner"},
}
"""Of the pages of organizers, by the end of their addresses."""


def _writes() -> int:
    """Rows that were ever written over this connection, as SQLite counts them."""
    return int(connection.connection.total_changes)


def _rows() -> str:
    """All that the database keeps, as one digest."""
    found = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - UNKEPT):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found.update(repr((table, sorted(map(repr, cursor.fetchall())))).encode())
    return found.hexdigest()
