"""What is told of a score: rounded from the exact quotient, and with the ladder only what is a clear step up."""

from fractions import Fraction
from statistics import fmean, variance

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixpoint.submissions.scoring import Score
from fixpoint.submissions.telling import Rung, Told, right_of, rounded, told_of


def judged(*seeds: list[int]) -> Score:
    correct = np.array(seeds, dtype=np.bool_)
    return Score(correct, np.ones(correct.shape[1], dtype=np.bool_))


def rung(told: float, *seeds: list[int]) -> Rung:
    return Rung(told, right_of(np.array(seeds, dtype=np.bool_)), len(seeds))


@pytest.mark.parametrize(
    ("right", "images", "decimals", "told"),
    [(1, 8, 2, 0.12), (3, 8, 2, 0.38), (1005, 2000, 3, 0.502), (1003, 2000, 3, 0.502), (2, 3, 4, 0.6667), (7, 7, 1, 1)],
)
def test_halves_go_to_the_even_digit_of_the_exact_quotient(right, images, decimals, told):
    assert rounded(Fraction(right, images), decimals) == told


@given(images=st.integers(1, 3000), decimals=st.integers(1, 6), data=st.data())
def test_a_rounding_no_coarser_than_an_image_is_worth_keeps_every_score_apart(images, decimals, data):
    right = data.draw(st.integers(0, images - 1))
    apart = rounded(Fraction(right, images), decimals) != rounded(Fraction(right + 1, images), decimals)
    assert apart or images > 10**decimals


def test_without_a_ladder_every_score_is_its_own():
    assert told_of(judged([1, 0, 1]), decimals=2) == Told(0.67, is_own=True)


def test_one_image_more_is_no_step_up_and_two_are():
    before = [1, 1, 0, 0, 0, 0, 0, 0]
    best = rung(0.25, before)
    assert told_of(judged([1, 1, 1, 0, 0, 0, 0, 0]), decimals=4, best=best) == Told(0.25, is_own=False)
    assert told_of(judged([1, 1, 1, 1, 0, 0, 0, 0]), decimals=4, best=best) == Told(0.5, is_own=True)


def test_what_is_gained_and_lost_at_once_is_noise_until_it_is_clear():
    """Two images more in all, six of eight others: (4 - 2)² is not above 4 + 2; (5 - 2)² is above 5 + 2."""
    best = rung(0.2, [1, 1, 0, 0, 0, 0, 0, 0, 0, 0])
    assert not told_of(judged([0, 0, 1, 1, 1, 1, 0, 0, 0, 0]), decimals=4, best=best).is_own
    assert told_of(judged([0, 0, 1, 1, 1, 1, 1, 0, 0, 0]), decimals=4, best=best).is_own


def test_a_worse_entry_is_told_the_best_before_it():
    assert told_of(judged([0, 0, 0, 0]), decimals=4, best=rung(0.75, [1, 1, 1, 0])) == Told(0.75, is_own=False)


def test_a_step_up_may_be_hidden_by_rounding_and_is_one_all_the_same():
    best = rung(0.5, [1] * 50 + [0] * 50)
    told = told_of(judged([1] * 54 + [0] * 46), decimals=1, best=best)
    assert told == Told(0.5, is_own=True)


def test_entries_of_different_numbers_of_seeds_are_compared_by_their_means():
    best = rung(0.5, [1, 1, 0, 0, 1, 0], [1, 1, 0, 0, 0, 1])
    assert told_of(judged([1, 1, 1, 1, 1, 1]), decimals=4, best=best) == Told(1.0, is_own=True)
    assert not told_of(judged([1, 1, 0, 0, 1, 0]), decimals=4, best=best).is_own


@given(
    st.integers(2, 30).flatmap(
        lambda images: st.lists(st.lists(st.integers(0, 1), min_size=images, max_size=images), min_size=1, max_size=12)
    )
)
def test_it_is_the_ladder_of_the_paper(entries):
    """Blum and Hardt 2015, the parameter-free algorithm, as it is printed: risks, loss vectors, s / √n."""
    images = len(entries[0])
    risk, losses = None, None
    best: Rung | None = None
    for entry in entries:
        own = [Fraction(1 - right) for right in entry]
        steps = [new - old for new, old in zip(own, losses, strict=True)] if losses else own
        margin = None if risk is None else risk - sum(own) / images
        if margin is None or (margin > 0 and margin**2 > variance(steps) / images):
            risk, losses = sum(own) / images, own

        told = told_of(judged(entry), decimals=6, best=best)
        if told.is_own:
            best = rung(told.accuracy, entry)

        assert told.accuracy == pytest.approx(float(1 - risk), abs=1e-6)


def test_seeds_weigh_alike():
    score = judged([1, 1, 0, 0], [1, 0, 0, 0])
    assert score.accuracy == pytest.approx(fmean([0.5, 0.25]))
    assert told_of(score, decimals=2).accuracy == 0.38
