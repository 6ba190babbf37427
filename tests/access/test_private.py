"""A task that is made private: whatever is asked of it or of what was entered into it, for others it is not there."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from fixpoint.tasks.models import Participant, Task
from tests.access.asking import Visitors
from tests.access.pages_table import PAGES
from tests.access.table import Asked, cases

pytestmark = pytest.mark.django_db
OTHERS = ("anonymous", "stranger", "neighbour", "staff")
ABOUT = (
    "{open}", "{accepted}", "{newer}", "{refused}", "{ingesting}", "{error_dataset}", "{cancelled_dataset}",
    "{deleted}", "{rivals_dataset}", "{rivals_scored}", "{disqualified}", "{queued}", "{training}", "{predicting}",
    "{scored}", "{failed}", "{error}", "{cancelled}",
)  # fmt: skip
"""The open task and all that stands in it."""
ADDRESSES = {address: asked for address, asked in cases(PAGES).items() if any(place in address for place in ABOUT)}
LISTS = ("/", "/status/", "/status/live/", "/emissions/", "/datasets/new/", "/me/")


@pytest.fixture
def private(visitors: Visitors) -> Iterator[Visitors]:
    """The open task of the world as a private one, into which its participants were let in."""
    with transaction.atomic():
        task = Task.objects.get(slug=visitors.world.places["open"])
        Task.objects.filter(pk=task.pk).update(visibility=Task.Visibility.PRIVATE)
        for name in ("owner", "teammate", "rival"):
            user_id = int(visitors.world.places[f"{name}_id"])
            Participant.objects.create(task=task, user_id=user_id, state=Participant.State.IN)
        yield visitors
        transaction.set_rollback(True)


def test_the_walk_goes_over_every_kind_of_page() -> None:
    kinds = ("board", "board.json", "board.csv", "kit.zip", "data.zip", "label-book.png", "standings", "provenance",
             "badge.svg", "certificate", "preview.png", "files", "outcome.json", "emissions.csv", "statistics/",
             "statistics.csv")  # fmt: skip
    assert all(any(kind in address for address in ADDRESSES) for kind in kinds)


def test_for_others_nothing_of_it_is_there(private: Visitors) -> None:
    told = [
        f"{asked.method} {address} as {person}: {seen.status} {seen.location}"
        for address, several in ADDRESSES.items()
        for asked in several
        if asked.method in ("GET", "POST")  # the others are refused before anybody looks at the task
        for person in OTHERS
        if not _is_nothing(seen := private.ask(person, asked))
    ]

    assert not told, "\n" + "\n".join(told)


def test_who_was_let_in_sees_what_they_saw_before_and_no_shared_cache_keeps_it(private: Visitors) -> None:
    other = [
        f"{asked.method} {address}: {seen.status} {seen.headers.get('Cache-Control')}"
        for address, several in ADDRESSES.items()
        for asked in several
        if asked.method == "GET"
        if (seen := private.ask("owner", asked)).status != asked.answers["owner"].status
        or "public" in seen.headers.get("Cache-Control", "")
    ]

    assert not other, "\n" + "\n".join(other)


@pytest.mark.parametrize("address", LISTS)
def test_no_list_names_it_to_others(address: str, private: Visitors) -> None:
    for person in OTHERS:
        seen = private.ask(person, Asked("GET", address, {}))
        assert f"/tasks/{private.world.places['open']}/".encode() not in seen.body, person
        assert b">Numerals<" not in seen.body, person


def _is_nothing(seen: object) -> bool:
    """Not there, no such method, or a door that everybody is led to."""
    status, location = seen.status, seen.location  # type: ignore[attr-defined]
    return status in (404, 405) or location.startswith("/accounts/login/")
