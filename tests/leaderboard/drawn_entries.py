"""Entries with many ties, as hypothesis draws them, and a ledger that holds them without a database."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from hypothesis import strategies as st

from fixpoint.leaderboard.answers import Answers
from fixpoint.leaderboard.board import Board
from fixpoint.leaderboard.columns import NEVER
from fixpoint.leaderboard.evidence import Evidence
from fixpoint.leaderboard.ledger import Ledger
from fixpoint.leaderboard.making import Making
from fixpoint.leaderboard.names import Names
from fixpoint.leaderboard.reading import row_of
from fixpoint.leaderboard.rules import Rules
from fixpoint.leaderboard.standing import standing
from tests.leaderboard.naive import Entry

START = datetime(2026, 3, 1, tzinfo=UTC)
MIDNIGHT = 20
"""In the units of a drawn time; an hour each."""
HOUR = 3600 * 10**6
BEGIN = int(START.timestamp() * 10**6)
_SPACE = UUID(int=7)
OWN, OTHER = "a" * 64, "b" * 64


def at(hours: int) -> int:
    return BEGIN + hours * HOUR


times = st.integers(15, 25).map(at)
shares = st.integers(0, 5).map(lambda number: number / 5)
kwhs = st.sampled_from([0.1, 0.1005, 0.101, 0.1011, 0.102, 0.2, 0.5])


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    number = draw(st.integers(0, 60))
    is_scored = draw(st.sampled_from([True] * 7 + [False]))
    seldom = st.sampled_from([None] * 6 + [at(18), at(22)])
    created, team = draw(times), draw(st.integers(1, 6))
    return Entry(
        id=uuid5(_SPACE, f"entry {number}"),
        team=team,
        told=draw(shares) if is_scored else None,
        is_own=draw(st.sampled_from([True] * 5 + [False])),
        public=draw(shares) if is_scored else None,
        private=draw(st.none() | shares) if is_scored else None,
        kwh=draw(kwhs) if is_scored else None,
        measured=draw(st.none() | kwhs) if is_scored else None,
        created=created,
        ended=created + draw(st.integers(0, 3)) * HOUR,
        withdrawn=draw(seldom),
        disqualified=draw(seldom),
        role=draw(st.sampled_from(["participant"] * 6 + ["baseline", "reference"])),
        is_chosen=draw(st.booleans()),
        is_rerun=draw(st.sampled_from([False] * 7 + [True])),
        recipe=draw(st.sampled_from([OWN] * 7 + [OTHER])),
        seeds=draw(st.sampled_from([(0, 1)] * 7 + [(0,), (1, 2)])),
        spent=draw(st.integers(0, 3)) / 4,
        dataset=uuid5(_SPACE, f"dataset {team} {draw(st.integers(0, 2))}"),
        ingestion=0.125,
    )


boards = st.lists(entries(), max_size=20, unique_by=lambda each: each.id)
rules = st.builds(
    Rules,
    recipe_digest=st.just(OWN),
    seeds=st.just((0, 1)),
    is_over=st.booleans(),
    closes=st.sampled_from([NEVER, at(22)]),
    midnight=st.just(at(MIDNIGHT)),
    by_choice=st.booleans(),
    floor=st.sampled_from([0.0, 0.4, 1.0]),
    grams_per_kwh=st.just(445.0),
    has_private=st.booleans(),
    decimals=st.just(4),
    ladder=st.booleans(),
)


class _Unread(Names):
    """Of teams that stand in no database."""

    def renew(self, numbers: Collection[int]) -> None: ...


def ledger_of(held: list[Entry]) -> Ledger:
    """As if it had been read."""
    found = Ledger(UUID(int=1))
    found.names = _Unread()
    found.columns.add([values_of(found, each) for each in held])
    found.number = 1
    return found


def values_of(ledger: Ledger, each: Entry) -> tuple[object, ...]:
    """The row of an entry."""
    team = ledger.names.number(UUID(int=each.team))
    hidden = 100 if each.is_scored else None
    values = (
        1, "", each.id, UUID(int=each.team), each.told, each.is_own, each.public, each.private, 0.0, None, hidden,
        each.kwh, each.measured, "M1" if each.measured else "", 0.25 if each.measured else None, 10,
        _moment(each.created), _moment(each.ended), _moment(each.withdrawn), _moment(each.disqualified), each.role,
        "scored" if each.is_scored else "failed", each.is_chosen, each.is_rerun, each.recipe, "", each.spent,
        each.dataset, each.ingestion,
    )  # fmt: skip
    return row_of(values, team, ledger.text(each.recipe), ledger.text(json.dumps(list(each.seeds))))


def board_of(ledger: Ledger, asked: Rules) -> Board:
    """Without evidence, for which nothing was drawn."""
    making = Making(ledger, asked, standing(ledger, asked), None)
    return Board(1, asked, making, Evidence(Answers(), making.found.scores > 2, 2, [], {}))


def _moment(count: int | None) -> datetime | None:
    return None if count is None else START + timedelta(microseconds=count - BEGIN)
