"""Requests that are not what they seem: from a page of another site, or with a condition that asks for less."""

import pytest

from tests.access.asking import Visitors
from tests.access.pages_table import OWN
from tests.access.table import cases

pytestmark = pytest.mark.django_db

FORMS = [asked for several in cases([OWN]).values() for asked in several if asked.method == "POST"]
FILES = [
    "/datasets/{accepted}/thumbnails/0.jpg",
    "/datasets/{accepted}/sheet.png",
    "/datasets/{accepted}/images.csv",
    "/datasets/{accepted}/reasons.csv",
    "/datasets/{accepted}/compare.csv?with={newer}",
]
PRIVATE = {address: several for address, several in cases([OWN]).items() if address in FILES}
CONDITIONS = (
    {"If-None-Match": "*"},
    {"If-Modified-Since": "Fri, 31 Dec 2100 00:00:00 GMT"},
    {"Range": "bytes=0-9"},
)


def test_no_form_is_taken_from_a_page_of_another_site(visitors: Visitors) -> None:
    for asked in FORMS:
        seen = visitors.ask("owner", asked, csrf="")

        assert (seen.status, seen.has_changed) == (403, False), asked.address


def test_no_condition_lets_a_stranger_know_that_a_file_is_there(visitors: Visitors) -> None:
    assert len(PRIVATE) == len(FILES)
    for several in PRIVATE.values():
        for asked in several:
            if asked.method in {"GET", "HEAD"}:
                answers = [visitors.ask("stranger", asked, **each) for each in CONDITIONS]

                assert [each.status for each in answers] == [404] * len(CONDITIONS), asked.address
                assert not any("ETag" in each.headers or "Last-Modified" in each.headers for each in answers)


def test_head_tells_what_get_would(visitors: Visitors) -> None:
    for several in PRIVATE.values():
        asked = {each.method: each for each in several}
        got, head = (visitors.ask("owner", asked[method]) for method in ("GET", "HEAD"))

        assert (head.status, head.headers["Content-Type"]) == (200, got.headers["Content-Type"])
