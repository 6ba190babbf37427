"""Files of drafts over lines that drop and servers that die, by the application as it runs; and who may send them."""

import random
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.site import Site
from tests.uploads.conftest import drawn_zip, lone_site, parts, stored, until
from tests.uploads.going_on import IN_FLIGHT, begun, go_on
from tests.uploads.sender import BYTES, VERSION, Sender

PEOPLE = """
from django.test import Client
from fixpoint.accounts.models import User
from fixpoint.accounts.tokens import token_make
from fixpoint.tasks.models import Draft
from tests.support.platform import person
owner = person("olga", role="organizer")
token = token_make(user=owner, name="a script", days=1)[1]
people = [owner, person("otto", role="organizer"), person("paula")]
clients = [Client() for _ in people]
for each, client in zip(people, clients):
    client.force_login(each)
print(Draft.objects.create(owner=owner, fields={}).pk, token, *(each.cookies["sessionid"].value for each in clients))
"""
FILES = """
from fixpoint.tasks.models import DraftFile
print([f"{each.field} {each.name}" for each in DraftFile.objects.all()])
"""
DELETE = """
from fixpoint.organizing.wizard.drafts import draft_delete
from fixpoint.tasks.models import Draft
draft_delete(draft=Draft.objects.get())
"""


class Organizer(Sender):
    """With a draft, and a token; `others` are sessions of another organizer and of a participant."""

    def __init__(self, http: httpx.Client, draft: str, token: str, others: list[str]) -> None:
        super().__init__(http)
        self.draft, self.token, self.others = draft, token, others

    @property
    def told(self) -> dict[str, str]:
        """What every upload for the draft says."""
        return {"draft": self.draft, "field": "hidden_test", "filename": "hidden.zip"}


def organizer_at(site: Site) -> Organizer:
    draft, token, own, *others = site.ask(PEOPLE).split()
    http = httpx.Client(base_url=site.url, cookies={"sessionid": own}, timeout=60, trust_env=False)
    return Organizer(http, draft, token, others)


@pytest.fixture(scope="module")
def organizer(site: Site) -> Iterator[Organizer]:
    organizer = organizer_at(site)
    with organizer.http:
        yield organizer


def test_lines_that_drop_at_random_points_cost_nothing_that_had_arrived(organizer: Organizer, site: Site) -> None:
    archive = drawn_zip(20, mebibytes=4)
    draw = random.Random(21)
    address, at = organizer.begun(len(archive), **organizer.told), 0
    for _ in range(6):
        sent = draw.randrange(1, 2**19)
        with begun(organizer, address, archive, at) as line:
            line.sendall(archive[at + 1 : at + sent])
        until(lambda floor=at + sent - IN_FLIGHT: organizer.offset(address) >= floor)  # type: ignore[misc]
        until(lambda: organizer.put(address, b"", organizer.offset(address)).status_code == 204)
        now = organizer.offset(address)
        assert at + sent - IN_FLIGHT <= now <= at + sent
        at = now

    go_on(organizer, address, archive)

    stored(site, archive)
    assert organizer.look(address).headers["Fixpoint-Draft"] == f"/organize/new/{organizer.draft}/data/"
    assert organizer.offset(address) == len(archive)
    assert organizer.discard(address).status_code == 409
    assert site.ask(FILES) == "['hidden_test hidden.zip']"
    page = organizer.http.get(f"/organize/new/{organizer.draft}/data/").text
    assert "Remove hidden.zip" in page


def test_nobody_else_begins_or_touches_it_and_a_programs_token_neither(organizer: Organizer, site: Site) -> None:
    address = organizer.begun(1000, **organizer.told)
    for session in organizer.others:
        with httpx.Client(base_url=site.url, cookies={"sessionid": session}, trust_env=False) as http:
            other = Sender(http)
            assert other.begin(1000, **organizer.told).status_code == 404
            assert other.look(address).status_code == 404
            assert other.put(address, b"PK", 0).status_code == 404
            assert other.discard(address).status_code == 404
    with httpx.Client(
        base_url=site.url, headers={"Authorization": f"Bearer {organizer.token}"}, trust_env=False
    ) as http:
        program = Sender(http)
        assert program.begin(1000, task="numerals").status_code == 201
        refused = program.begin(1000, **organizer.told)
        assert (refused.status_code, "opens no drafts" in refused.text) == (403, True)
        assert program.look(address).status_code == 404
        assert program.put(address, b"PK", 0).status_code == 404
        assert program.discard(address).status_code == 404
    with httpx.Client(base_url=site.url, trust_env=False) as http:
        assert Sender(http).begin(1000, **organizer.told).status_code == 401
        answer = http.patch(address, content=b"PK", headers=VERSION | BYTES | {"Upload-Offset": "0"})
        assert answer.status_code == 401
    assert organizer.offset(address) == 0
    assert organizer.discard(address).status_code == 204


def test_what_does_not_begin_as_a_zip_is_told_at_once_and_in_ones_language(organizer: Organizer) -> None:
    address = organizer.begun(1000, **organizer.told)

    answer = organizer.put(address, b"<html>", 0, Accept_Language="es")

    assert (answer.status_code, "no empieza como un ZIP" in answer.text) == (415, True)
    assert "train" not in answer.text
    assert organizer.look(address).status_code == 410


def test_a_killed_server_loses_nothing_and_a_deleted_draft_ends_what_was_on_its_way(tmp_path: Path) -> None:
    archive = drawn_zip(22, mebibytes=2)
    with lone_site(tmp_path / "home") as (site, _), (organizer := organizer_at(site)).http:
        address = organizer.begun(len(archive), **organizer.told)
        with organizer.half_sent(address, archive, 0, sent=2**20):
            until(lambda: organizer.offset(address) > 0)
            told = organizer.offset(address)
            site.kill()
        site.start()
        assert told <= organizer.offset(address) <= 2**20
        go_on(organizer, address, archive)
        stored(site, archive)
        assert site.ask(FILES) == "['hidden_test hidden.zip']"

        other = organizer.begun(len(archive), **(organizer.told | {"field": "label_book"}))
        organizer.put(other, archive[:1000], 0)
        site.ask(DELETE)

        assert organizer.put(other, archive[1000:], 1000).status_code == 410
        assert parts(site) == []
