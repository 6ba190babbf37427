"""The addresses that are answered beside Django, on a web server as it runs: who is let in, and what it changes."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import httpx
import pytest

from tests.access.beside_table import BESIDE
from tests.access.table import Asked, cases
from tests.access.whose import is_told, secrets_from
from tests.access.world import BYTES, PEOPLE, World
from tests.support.hellos import hello_of
from tests.support.site import Site
from worker.contract import ClaimRequest, Fact, Job, Kind, Phase, Report

BUILD = """
from pathlib import Path
from tests.access.world import world_build
folder = Path({folder!r})
folder.mkdir()
print(world_build(folder).to_json())
"""
CSRF = "c" * 32
CASES = [asked for several in cases(BESIDE).values() for asked in several]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with Site(tmp_path_factory.mktemp("beside") / "home") as site:
        yield site


@pytest.fixture(scope="module")
def world(site: Site, tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("beside") / "made"
    return World(**json.loads(site.ask(BUILD.format(folder=str(folder)))))


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    """One for all: each of its own would read the authorities' certificates anew."""
    with httpx.Client(timeout=60, trust_env=False) as client:
        yield client


def test_everybody_is_answered_beside_django_as_the_table_says(site: Site, world: World, client: httpx.Client) -> None:
    wrong = []
    # What changes something comes last, in the table's order: everything before it finds the world as it was built.
    everything = [(asked, person) for asked in CASES for person in PEOPLE]
    for asked, person in sorted(everything, key=lambda each: each[0].answers[each[1]].changes):
        problems = _problems(site, world, client, person, asked)
        wrong += [f"{asked.method} {asked.address} as {person}: {problem}" for problem in problems]

    assert not wrong, "\n" + "\n".join(wrong)


def _problems(site: Site, world: World, client: httpx.Client, person: str, asked: Asked) -> Iterator[str]:
    expected, before = asked.answers[person], _kept(site.home)
    answer = _ask(site, world, client, person, asked)
    if answer.status_code != expected.status:
        yield f"{answer.status_code} instead of {expected.status}: {answer.text[:200]}"
    if (_kept(site.home) != before) != expected.changes:
        yield "it changed nothing" if expected.changes else "it changed something"
    path = asked.address.format_map(world.places)
    told = (answer.text + repr(answer.headers.raw)).lower()
    for secret in secrets_from(person, world):
        if is_told(secret, told) and secret not in path and "{blob}" not in asked.address:
            yield f"it tells {secret!r}"


def _ask(site: Site, world: World, client: httpx.Client, person: str, asked: Asked) -> httpx.Response:
    cookies = {"sessionid": world.sessions.get(person, ""), "csrftoken": CSRF}
    told = {"X-CSRFToken": CSRF, "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    content, more = _words(asked, world)
    address = site.url + asked.address.format_map(world.places)
    client.cookies.clear()  # what one person was given is not the next one's
    return client.request(asked.method, address, headers=told | more, content=content)


def _words(asked: Asked, world: World) -> tuple[bytes, dict[str, str]]:
    """The body and headers of one who knows the protocol, and has no key."""
    if asked.address.startswith("/uploads/"):
        tus = {"Tus-Resumable": "1.0.0"}
        if asked.method == "PATCH":
            offset = {"Upload-Offset": str(BYTES // 2), "Content-Type": "application/offset+octet-stream"}
            return b"x" * 100, tus | offset
        if asked.method == "POST":
            return b"", tus | {"Upload-Length": "1000", "Upload-Metadata": "filename bmV3LnppcA=="}
        return b"", tus
    if asked.method != "POST":
        return b"", {}
    job = Job(Kind.EVALUATE, world.places["training"], 1, "a token that nobody gave")
    said: dict[str, object] = {
        "hello": hello_of("worker-new"),
        "claim": ClaimRequest(job=job, key="key", worker="worker-new", recipe_digests={}),
        "report": Report(Fact.STARTED, 1, Phase.TRAIN),
    }
    found = said.get(asked.address.rsplit("/", 1)[1])
    body = json.dumps(asdict(found)) if found else "{}"  # type: ignore[call-overload]
    return body.encode(), {"Content-Type": "application/json", "Authorization": "Bearer no-such-key"}


def _kept(home: Path) -> list[object]:
    """Rows of all tables but the sessions, and the files of uploads and outputs."""
    with sqlite3.connect(f"file:{home / 'fixpoint.sqlite3'}?mode=ro", uri=True) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = [(name, database.execute(f"SELECT * FROM {name}").fetchall()) for name in names if "session" not in name]
    database.close()
    files = sorted((str(each), each.stat().st_size) for each in (home / "incoming").rglob("*") if each.is_file())
    return [rows, files]
