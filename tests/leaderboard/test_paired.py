"""The paired tests agree with scipy and statsmodels, and their shortcuts with the exact values."""

from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, permutation_test
from statsmodels.stats.contingency_tables import mcnemar as mcnemar_of_statsmodels

from fixpoint.leaderboard.paired import ALPHA, critical, mcnemar, sign_flip, verdicts

counts = st.integers(0, 400)
sizes = st.lists(st.integers(0, 120), min_size=2, max_size=5)


def reach(sizes: list[int]) -> int:
    return sum(size * many for size, many in enumerate(sizes, start=1))


@given(counts, counts)
def test_mcnemars_test_agrees_with_statsmodels_and_scipy(one_only: int, other_only: int) -> None:
    found = mcnemar(one_only, other_only)
    theirs = mcnemar_of_statsmodels([[7, one_only], [other_only, 9]], exact=True).pvalue
    assert found == pytest.approx(theirs, rel=1e-9)
    if one_only + other_only:
        assert found == pytest.approx(binomtest(one_only, one_only + other_only).pvalue, rel=1e-9)


@pytest.mark.parametrize("most", [1, 5, 6, 40, 2420])
def test_the_table_holds_the_largest_count_that_still_tells_two_entries_apart(most: int) -> None:
    table = critical(most)
    assert len(table) == most + 1
    for n in {1, 5, 6, 17, 40, 600, 1999, 2420} & set(range(most + 1)):
        found = int(table[n])
        if found >= 0:
            assert binomtest(found, n).pvalue <= ALPHA
        assert binomtest(found + 1, n).pvalue > ALPHA


def test_the_table_is_of_whole_numbers_and_so_right_to_the_last_image() -> None:
    table = critical(300)
    for n in range(1, 301):
        tails = [2 * sum(comb(n, i) for i in range(count + 1)) * 20 <= 2**n for count in range(n // 2)]
        assert table[n] == sum(tails) - 1


@given(st.lists(st.integers(-3, 3), min_size=2, max_size=9))
def test_flipping_signs_agrees_with_scipys_exact_permutation_test(differences: list[int]) -> None:
    theirs = permutation_test(
        (np.array(differences),), np.sum, permutation_type="samples", n_resamples=np.inf, alternative="two-sided"
    ).pvalue
    assert sign_flip(*_told(differences)) == pytest.approx(theirs, rel=1e-12)


@given(st.lists(st.integers(-2, 2), max_size=8))
def test_flipping_signs_counts_all_flips_that_are_as_far_off(differences: list[int]) -> None:
    sums = [sum(flip * each for flip, each in zip(flips, differences, strict=True))
            for flips in product((-1, 1), repeat=len(differences))]  # fmt: skip
    far = sum(abs(each) >= abs(sum(differences)) for each in sums) / len(sums)
    assert sign_flip(*_told(differences)) == pytest.approx(far, rel=1e-12)


@given(sizes, st.data())
def test_the_shortcuts_never_contradict_the_exact_test(sizes: list[int], data: st.DataObject) -> None:
    most = reach(sizes)
    total = most - 2 * data.draw(st.integers(0, most))
    [said] = verdicts(np.array([sizes]), np.array([total])).tolist()
    is_distinct = sign_flip(np.array(sizes), total) <= ALPHA
    assert said == 0 or (said == 1) == is_distinct


def test_the_shortcuts_leave_only_what_is_near_the_line_to_the_exact_test() -> None:
    many = np.array([300, 80, 20])
    totals = np.arange(-500, 501, 2)
    said = verdicts(np.tile(many, (len(totals), 1)), totals)
    exact = np.array([sign_flip(many, int(total)) for total in totals])
    assert (said[exact < 0.006] == 1).all()
    assert (said[exact > 0.13] == -1).all()
    assert 0 < (said == 0).sum() < 50


def test_entries_that_differ_nowhere_are_alike() -> None:
    assert sign_flip(np.array([0, 0]), 0) == 1.0
    assert verdicts(np.array([[0, 0]]), np.array([0])).tolist() == [-1]


def test_a_sum_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot give 5"):
        sign_flip(np.array([4]), 5)


def test_of_six_images_that_only_one_of_two_got_right_all_must_be_of_one_entry() -> None:
    assert mcnemar(6, 0) == pytest.approx(2 / 64)
    assert mcnemar(5, 0) == pytest.approx(2 / 32)
    assert critical(6).tolist() == [-1, -1, -1, -1, -1, -1, 0]


def _told(differences: list[int]) -> tuple[np.ndarray, int]:
    return np.array([sum(abs(each) == size for each in differences) for size in (1, 2, 3)]), sum(differences)
