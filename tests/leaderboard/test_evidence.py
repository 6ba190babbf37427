"""Groups of evidence agree with a walk down the ranking that tests each entry against its group's first."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from fixpoint.leaderboard.answers import Answers, UnfitBitsError
from fixpoint.leaderboard.comparing import comparing
from fixpoint.leaderboard.evidence import Evidence, group_firsts
from fixpoint.leaderboard.paired import ALPHA, sign_flip

IMAGES = 133


def drawn(number: int, entries: int, seeds: int) -> np.ndarray:
    """Right or wrong [E, S, N], from nearly alike to far apart."""
    random = np.random.default_rng(number)
    easy, skill = random.normal(0, 1, IMAGES), random.normal(0, 1, (entries, 1, 1))
    return random.normal(0, 0.7, (entries, seeds, IMAGES)) + easy + skill > 0


def p_value(one: np.ndarray, other: np.ndarray) -> float:
    """Of [S, N] each, among the images that count."""
    differences = one.sum(axis=0) - other.sum(axis=0)
    if len(one) == 1:
        many = int((differences != 0).sum())
        return binomtest(int((differences > 0).sum()), many).pvalue if many else 1.0
    sizes = [int((abs(differences) == size).sum()) for size in range(1, len(one) + 1)]
    return sign_flip(np.array(sizes), int(differences.sum()))


def naive_firsts(right: np.ndarray) -> list[int]:
    firsts = [0]
    for at in range(1, len(right)):
        if p_value(right[firsts[-1]], right[at]) <= ALPHA:
            firsts.append(at)
    return firsts


@given(st.integers(0, 10**6), st.integers(1, 90), st.sampled_from([1, 1, 2, 3]), st.booleans())
def test_groups_agree_with_the_naive_walk(number: int, entries: int, seeds: int, has_private: bool) -> None:
    right = drawn(number, entries, seeds)
    order = np.argsort(-right.mean(axis=(1, 2)))
    among = np.random.default_rng(number).random(IMAGES) < 0.5 if has_private else np.ones(IMAGES, dtype=bool)
    tests = comparing(np.packbits(right[order], axis=2), among)
    assert group_firsts(tests, entries) == naive_firsts(right[order][:, :, among])


class Held(Answers):
    """What a database would give."""

    def __init__(self, right: np.ndarray) -> None:
        super().__init__()
        self._known = {at: np.packbits(each, axis=1).tobytes() for at, each in enumerate(right)}


def test_a_groups_first_is_not_tied_and_those_that_cannot_be_told_from_it_are() -> None:
    right = np.zeros((4, 1, IMAGES), dtype=bool)
    right[0, 0, :60] = right[1, 0, :58] = right[2, 0, :50] = right[3, 0, :49] = True
    evidence = Evidence(Held(right), np.ones(IMAGES, dtype=bool), 1, list(range(4)), {})
    assert list(evidence.groups.values()) == [(1, False), (1, True), (2, False), (2, True)]


def test_near_the_front_is_who_is_within_one_percent_grams_and_cannot_be_told_from_one_on_it() -> None:
    right = np.zeros((4, 1, IMAGES), dtype=bool)
    right[0, 0, :60] = right[1, 0, :58] = right[2, 0, :40] = right[3, 0, :59] = True
    ids = list(range(4))
    evidence = Evidence(Held(right), np.ones(IMAGES, dtype=bool), 1, ids, {ids[0]: 1.0})
    assert evidence.near_front(ids, np.array([1.0, 1.005, 1.005, 1.02])) == {ids[1]}


def test_bits_of_another_number_of_images_are_no_evidence_and_no_error_of_the_page(caplog) -> None:
    right = np.zeros((2, 1, IMAGES), dtype=bool)
    ids = list(range(2))
    with pytest.raises(UnfitBitsError, match="17 bytes"):
        Held(right[:, :, :5]).bits(ids, seeds=1, images=IMAGES)
    evidence = Evidence(Held(right[:, :, :5]), np.ones(IMAGES, dtype=bool), 1, ids, {})
    assert evidence.groups == {}
    assert "shown without evidence" in caplog.text
