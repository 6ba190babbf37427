"""Standings agree with a naive reading of their rules, whatever the entries."""

from datetime import UTC, datetime, timedelta
from functools import cmp_to_key
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from fixpoint.leaderboard.ranking import Entry, accuracy_ranking, by_measured, emissions_ranking

START = datetime(2026, 1, 1, tzinfo=UTC)


def entry(
    number: int,
    user: str,
    accuracy: float,
    grams: float = 1.0,
    measured: float | None = None,
    minute: int | None = None,
) -> Entry:
    entered = START + timedelta(minutes=number if minute is None else minute)
    return Entry(number, user, accuracy, grams, measured, grams / 445, 100, entered)


@st.composite
def boards(draw: st.DrawFn) -> list[Entry]:
    """Entries with many ties: few users, few accuracies, few grams, few moments."""
    rows = draw(st.lists(st.tuples(st.sampled_from("abcde"), st.integers(0, 4), st.integers(1, 4), st.integers(0, 3),
                                   st.none() | st.integers(1, 4)), max_size=25))  # fmt: skip
    return [
        entry(number, user, accuracy / 4, grams / 2, measured, minute)
        for number, (user, accuracy, grams, minute, measured) in enumerate(rows)
    ]


def _beats_in_accuracy(one: Entry, other: Entry) -> bool:
    if one.accuracy != other.accuracy:
        return one.accuracy > other.accuracy
    if one.entered_at != other.entered_at:
        return one.entered_at < other.entered_at
    return str(one.id) < str(other.id)


def _beats_in_emissions(one: Entry, other: Entry) -> bool:
    if one.grams_standardised != other.grams_standardised:
        return one.grams_standardised < other.grams_standardised
    return _beats_in_accuracy(one, other)


def _naive(entries: list[Entry], beats: object) -> list[Entry]:
    """For each user the entry that no other of theirs beats; those in the order of a pairwise comparison."""
    assert callable(beats)
    best = [one for one in entries if not any(beats(other, one) for other in entries if other.user == one.user)]
    return sorted(best, key=cmp_to_key(lambda one, other: -1 if beats(one, other) else 1))


@given(boards())
def test_accuracy_agrees_with_the_naive_reference(board: list[Entry]) -> None:
    assert [row.entry for row in accuracy_ranking(board)] == _naive(board, _beats_in_accuracy)


@given(boards(), st.sampled_from([0.0, 0.3, 0.5, 1.0]))
def test_emissions_agree_with_the_naive_reference(board: list[Entry], floor: float) -> None:
    passed = [each for each in board if each.accuracy >= floor]
    assert [row.entry for row in emissions_ranking(board, floor=floor)] == _naive(passed, _beats_in_emissions)


@given(boards(), st.randoms())
def test_the_order_in_which_entries_come_changes_nothing(board: list[Entry], random: Random) -> None:
    shuffled = random.sample(board, len(board))
    assert accuracy_ranking(shuffled) == accuracy_ranking(board)
    assert emissions_ranking(shuffled, floor=0.5) == emissions_ranking(board, floor=0.5)


@given(boards())
def test_ranks_count_up_from_one_and_every_user_stands_once(board: list[Entry]) -> None:
    rows = accuracy_ranking(board)
    assert [row.rank for row in rows] == list(range(1, len(rows) + 1))
    assert sorted(str(row.entry.user) for row in rows) == sorted({str(each.user) for each in board})


@given(boards())
def test_measured_order_keeps_rows_and_ranks_and_puts_unmeasured_last(board: list[Entry]) -> None:
    rows = emissions_ranking(board, floor=0.0)
    ordered = by_measured(rows)
    assert sorted(ordered, key=lambda row: row.rank) == rows
    measured = [row.entry.grams_measured for row in ordered]
    known = [grams for grams in measured if grams is not None]
    assert measured == sorted(known) + [None] * (len(measured) - len(known))


def test_of_equal_accuracy_the_earlier_entry_stands_first() -> None:
    rows = accuracy_ranking([entry(2, "late", 0.8), entry(1, "early", 0.8), entry(3, "best", 0.9)])
    assert [(row.rank, row.entry.user) for row in rows] == [(1, "best"), (2, "early"), (3, "late")]


def test_a_user_stands_by_the_best_entry_and_of_equals_by_the_earlier() -> None:
    (row,) = accuracy_ranking([entry(1, "a", 0.5), entry(2, "a", 0.8), entry(3, "a", 0.8)])
    assert row.entry.id == 2


def test_an_entry_below_the_floor_is_not_ranked_by_emissions_however_green() -> None:
    rows = emissions_ranking([entry(1, "tiny", 0.29, grams=0.01), entry(2, "fair", 0.30, grams=5.0)], floor=0.30)
    assert [row.entry.user for row in rows] == ["fair"]


def test_a_user_stands_on_the_emissions_board_by_the_greenest_entry_above_the_floor() -> None:
    own = [entry(1, "a", 0.9, grams=9), entry(2, "a", 0.5, grams=3), entry(3, "a", 0.1, grams=1)]
    (row,) = emissions_ranking(own, floor=0.4)
    assert row.entry.id == 2


def test_of_equal_grams_the_more_accurate_entry_stands_first() -> None:
    rows = emissions_ranking([entry(1, "a", 0.6), entry(2, "b", 0.7)], floor=0.0)
    assert [row.entry.user for row in rows] == ["b", "a"]


def test_an_empty_board_has_no_rows() -> None:
    assert accuracy_ranking([]) == emissions_ranking([], floor=0.0) == by_measured([]) == []
