"""One look for all who watch: how often it is taken, and whom it wakes."""

import asyncio
import logging
from http import HTTPStatus
from uuid import uuid4

import pytest
from django.db import OperationalError

from fixpoint.submissions.events.looks import Look
from fixpoint.submissions.events.places import NoPlaceError, Places
from fixpoint.submissions.events.watch import Watch

ENTRY, OTHER = uuid4(), uuid4()
FIRST = Look("training", attempt=1, epochs=3, phases=0, ahead=None)
LATER = Look("training", attempt=1, epochs=4, phases=0, ahead=None)


class Looking:
    """What the database would say, one answer a look, the last one from then on; asks are kept."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    async def __call__(self, entries):
        self.asked.append(set(entries))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return {entry: look for entry, look in answer.items() if entry in entries}


class LookingOnce(Looking):
    """Each answer once: whoever looks again after the last one waits. How soon that is says nothing."""

    is_over = False

    async def __call__(self, entries):
        if self.is_over:
            await asyncio.Event().wait()
        self.is_over = len(self.answers) == 1
        return await super().__call__(entries)


async def woken(*events):
    async with asyncio.timeout(5):
        await asyncio.gather(*(event.wait() for event in events))


def test_many_viewers_of_an_entry_share_each_look():
    async def watching():
        looking = LookingOnce({ENTRY: FIRST}, {ENTRY: FIRST}, {ENTRY: LATER})
        watch = Watch(looking, seconds=0.001)
        with (
            watch.viewing(ENTRY, FIRST) as one,
            watch.viewing(ENTRY, FIRST) as two,
            watch.viewing(ENTRY, FIRST) as three,
        ):
            await woken(one, two, three)
            assert watch.newest(ENTRY) == LATER
            return looking.asked

    assert asyncio.run(watching()) == [{ENTRY}, {ENTRY}, {ENTRY}]


def test_entries_are_looked_at_together_and_only_the_changed_ones_viewers_wake():
    async def watching():
        looking = Looking({ENTRY: FIRST, OTHER: FIRST}, {ENTRY: FIRST, OTHER: LATER})
        watch = Watch(looking, seconds=0.001)
        with watch.viewing(ENTRY, FIRST) as still, watch.viewing(OTHER, FIRST) as moved:
            await woken(moved)
            return still.is_set(), looking.asked[0]

    assert asyncio.run(watching()) == (False, {ENTRY, OTHER})


def test_nobody_looks_once_nobody_watches():
    async def watching():
        looking = Looking({ENTRY: LATER})
        watch = Watch(looking, seconds=0.001)
        with watch.viewing(ENTRY, FIRST) as event:
            await woken(event)
        async with asyncio.timeout(5):
            await watch._task
        before = len(looking.asked)
        with watch.viewing(ENTRY, FIRST) as event:
            await woken(event)
        return before, len(looking.asked)

    before, after = asyncio.run(watching())
    assert 1 <= before < after


def test_a_database_that_fails_once_ends_no_stream(caplog: pytest.LogCaptureFixture):
    async def watching():
        watch = Watch(Looking(OperationalError("away"), {ENTRY: LATER}), seconds=0.001)
        with watch.viewing(ENTRY, FIRST) as event:
            await woken(event)

    with caplog.at_level(logging.WARNING):
        asyncio.run(watching())
    assert "Nothing could be seen of the entries that are watched: away" in caplog.text


def test_a_version_names_everything_that_may_change():
    looks = {
        FIRST,
        LATER,
        Look("predicting", 1, 3, 0, None),
        Look("training", 2, 3, 0, None),
        Look("training", 1, 3, 1, None),
        Look("queued", 1, 3, 0, 0),
        Look("queued", 1, 3, 0, 1),
    }
    assert len({each.version for each in looks}) == len(looks)


def test_places_are_counted_for_all_and_for_each_person_and_come_back():
    places = Places(most=3, most_of_one=2)
    with places.place_of(1), places.place_of(1):
        with pytest.raises(NoPlaceError) as of_one, places.place_of(1):
            pass
        with places.place_of(2), pytest.raises(NoPlaceError) as of_all, places.place_of(3):
            pass
        with places.place_of(3):
            pass

    assert of_one.value.status == HTTPStatus.TOO_MANY_REQUESTS
    assert of_all.value.status == HTTPStatus.SERVICE_UNAVAILABLE
    places.expect_any()
    assert not places._taken
