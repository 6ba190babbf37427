"""Every list of the board agrees with a naive reading of its rules, whatever the entries."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixpoint.leaderboard.board import Board
from fixpoint.leaderboard.ranking import group_firsts, places_by_grams
from fixpoint.leaderboard.row import Row
from fixpoint.leaderboard.rules import Rules
from tests.leaderboard.drawn_entries import board_of, boards, ledger_of, rules, values_of
from tests.leaderboard.naive import Entry, NaiveBoard


def both(held: list[Entry], asked: Rules) -> tuple[Board, NaiveBoard]:
    return board_of(ledger_of(held), asked), NaiveBoard(held, asked)


def as_ever(later: Entry, before: Entry) -> Entry:
    """What of an entry never changes is as it was."""
    return replace(
        later, team=before.team, dataset=before.dataset, role=before.role, is_rerun=before.is_rerun,
    )  # fmt: skip


def ranks(rows: list[Row]) -> list[tuple[object, int]]:
    return [(row.entry_id, row.rank) for row in rows]


@given(boards, rules)
def test_by_accuracy_it_agrees_with_the_naive_reference(held: list[Entry], asked: Rules) -> None:
    found, naive = both(held, asked)
    assert ranks(found.accuracy[:]) == [(each.id, place) for place, each in enumerate(naive.accuracy, start=1)]
    assert [row.accuracy for row in found.accuracy] == [naive.score(each) for each in naive.accuracy]


@given(boards, rules)
def test_by_emissions_it_agrees_with_the_naive_reference(held: list[Entry], asked: Rules) -> None:
    found, naive = both(held, asked)
    assert ranks(found.emissions[:]) == [(each.id, rank) for each, rank in naive.emissions]
    assert [row.entry_id for row in found.greenest] == [each.id for each, rank in naive.emissions if rank == 1]


@given(boards, rules)
def test_the_front_agrees_with_the_naive_reference(held: list[Entry], asked: Rules) -> None:
    found, naive = both(held, asked)
    assert [row.entry_id for row in found.front] == [each.id for each in naive.front]
    on_front = {each.id for each in naive.front}
    assert all(row.is_on_front == (row.entry_id in on_front) for row in (*found.accuracy, *found.emissions))


@given(boards, rules)
def test_what_stands_apart_or_came_late_is_told_the_place_that_it_would_take(held: list[Entry], asked: Rules) -> None:
    found, naive = both(held, asked)
    assert ranks(found.apart[:]) == [(each.id, place) for each, place in naive.apart]
    assert ranks(found.late[:]) == [(each.id, place) for each, place in naive.late]


@given(boards, rules)
def test_movement_and_shake_up_agree_with_the_naive_reference(held: list[Entry], asked: Rules) -> None:
    found, naive = both(held, asked)
    for row in found.accuracy:
        assert (row.movement, row.shake_up) == (naive.movement(row.team.id.int), naive.shake_up(row.team.id.int))


@given(boards, rules)
def test_the_facts_of_teams_agree_with_the_naive_reference(held: list[Entry], asked: Rules) -> None:
    found, naive = both(held, asked)
    assert (found.baseline, found.left_out) == (naive.baseline, naive.left_out)
    for row in found.accuracy:
        own = [each for each in naive.entered if each.team == row.team.id.int]
        assert row.entries == len(own)
        assert int(row.last_entry_at.timestamp() * 10**6) == max(each.created for each in own)
        assert row.team_kwh == pytest.approx(naive.spent(row.team.id.int))
        assert row.improvement == (None if naive.baseline is None else row.accuracy - naive.baseline)
        assert found.row_of_team(row.team.id) == row
    for row in found.emissions:
        assert found.row_of_team(row.team.id, "emissions") == row


@given(boards, rules, st.randoms())
def test_the_order_in_which_entries_are_read_changes_nothing(held: list[Entry], asked: Rules, random: Random) -> None:
    one, other = (board_of(ledger_of(each), asked) for each in (held, random.sample(held, len(held))))
    for name in ("accuracy", "emissions", "measured", "front", "apart", "late"):
        assert getattr(one, name)[:] == getattr(other, name)[:]


@given(boards, boards, rules)
def test_rows_that_were_written_over_are_as_if_they_had_been_read_so(
    held: list[Entry], later: list[Entry], asked: Rules
) -> None:
    ledger, before = ledger_of(held), {each.id: each for each in held}
    later = [as_ever(each, before.get(each.id, each)) for each in later]
    ledger.columns.put([values_of(ledger, each) for each in later])
    now = {each.id: each for each in (*held, *later)}
    assert ledger.columns.rows == len(now)
    fresh = board_of(ledger_of(list(now.values())), asked)
    for name in ("accuracy", "emissions", "front", "apart", "late"):
        assert getattr(board_of(ledger, asked), name)[:] == getattr(fresh, name)[:]


@given(boards, rules)
def test_measured_order_keeps_rows_and_ranks_and_puts_unmeasured_last(held: list[Entry], asked: Rules) -> None:
    found = board_of(ledger_of(held), asked)
    assert sorted(ranks(found.measured[:]), key=str) == sorted(ranks(found.emissions[:]), key=str)
    measured = [row.grams_measured for row in found.measured]
    known = [grams for grams in measured if grams is not None]
    assert measured == sorted(known) + [None] * (len(measured) - len(known))


@given(boards, rules)
def test_a_board_with_ranked_entries_has_a_front_with_its_best_and_its_greenest(
    held: list[Entry], asked: Rules
) -> None:
    found, naive = both(held, asked)
    assert bool(found.front) == bool(naive.able)
    if naive.able:
        assert max(row.accuracy for row in found.front) == max(map(naive.score, naive.able))
        assert min(row.grams_standardised for row in found.front) == min(map(naive.grams, naive.able))


def test_a_group_is_within_one_percent_of_its_first_and_the_next_rank_counts_all_before_it() -> None:
    assert group_firsts(np.array([1.0, 1.0099, 1.0101, 1.02, 1.0201, 1.5])).tolist() == [0, 2, 5]
    assert group_firsts(np.array([1.0, 1.0101, 1.0199])).tolist() == [0, 1]
    assert group_firsts(np.array([])).tolist() == []


@given(st.lists(st.floats(1, 1.2)), st.floats(0.9, 1.3))
def test_the_place_that_grams_would_take_is_that_of_a_list_with_them_in_it(ranked: list[float], asked: float) -> None:
    with_it = np.array(sorted([*ranked, asked]))
    firsts = group_firsts(with_it)
    at = int(np.searchsorted(with_it, asked))

    assert places_by_grams([asked], ranked) == [int(firsts[np.searchsorted(firsts, at, side="right") - 1]) + 1]
