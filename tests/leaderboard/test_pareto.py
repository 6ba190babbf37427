"""The front holds exactly the entries that none dominates."""

from hypothesis import given

from fixpoint.leaderboard.pareto import dominates, front
from fixpoint.leaderboard.ranking import Entry
from tests.leaderboard.test_ranking import boards, entry


@given(boards())
def test_the_front_agrees_with_the_naive_reference(board: list[Entry]) -> None:
    naive = [one for one in board if not any(dominates(other, one) for other in board)]
    assert {each.id for each in front(board)} == {each.id for each in naive}


@given(boards())
def test_along_the_front_more_grams_buy_more_accuracy(board: list[Entry]) -> None:
    points = list(dict.fromkeys((each.grams_standardised, each.accuracy) for each in front(board)))
    assert points == sorted(points)
    assert [accuracy for _, accuracy in points] == sorted({accuracy for _, accuracy in points})


@given(boards())
def test_a_board_with_entries_has_a_front_with_its_best_and_its_greenest(board: list[Entry]) -> None:
    found = front(board)
    assert bool(found) == bool(board)
    if board:
        assert max(each.accuracy for each in found) == max(each.accuracy for each in board)
        assert min(each.grams_standardised for each in found) == min(each.grams_standardised for each in board)


@given(boards())
def test_nothing_dominates_itself_and_never_both_ways(board: list[Entry]) -> None:
    for one in board:
        assert not dominates(one, one)
        assert not any(dominates(one, other) and dominates(other, one) for other in board)


def test_equals_stand_on_the_front_together() -> None:
    twins = [entry(1, "a", 0.8, grams=2), entry(2, "b", 0.8, grams=2)]
    assert front(twins) == twins


def test_as_accurate_for_more_grams_is_dominated() -> None:
    assert front([entry(1, "a", 0.8, grams=2), entry(2, "b", 0.8, grams=3)])[0].user == "a"
    assert len(front([entry(1, "a", 0.8, grams=2), entry(2, "b", 0.8, grams=3)])) == 1


def test_less_accurate_for_the_same_grams_is_dominated() -> None:
    assert [each.user for each in front([entry(1, "a", 0.7), entry(2, "b", 0.8)])] == ["b"]
