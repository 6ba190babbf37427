"""Wilson's interval agrees with its definition and with published values."""

from math import isclose, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t
from statsmodels.stats.proportion import proportion_confint

from fixpoint.leaderboard.interval import Z95, student, wilson, with_seeds


@pytest.mark.parametrize(
    ("right", "images", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, table I, method 3
        (15, 148, 0.0624, 0.1605),  # same
        (0, 20, 0.0, 0.1611),  # same
        (1, 29, 0.0061, 0.1718),  # same
        (29, 29, 0.8830, 1.0),
        (50, 100, 0.4038, 0.5962),
    ],
)
def test_published_intervals_are_met(right: int, images: int, low: float, high: float) -> None:
    found = wilson(right / images, images)
    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)


@given(right=st.integers(0, 3000), images=st.integers(1, 3000))
def test_bounds_are_the_shares_that_the_score_test_just_accepts(right: int, images: int) -> None:
    share = min(right, images) / images
    for bound in (wilson(share, images).low, wilson(share, images).high):
        if 0 < bound < 1:
            score = abs(share - bound) / sqrt(bound * (1 - bound) / images)
            assert isclose(score, Z95, rel_tol=1e-6)


@given(right=st.integers(0, 3000), images=st.integers(1, 3000))
def test_the_share_lies_within_and_the_bounds_within_zero_and_one(right: int, images: int) -> None:
    share = min(right, images) / images
    found = wilson(share, images)
    assert 0 <= found.low <= share
    assert share <= found.high <= 1


@given(share=st.floats(0, 1), images=st.integers(1, 5000))
def test_it_is_symmetric_in_right_and_wrong(share: float, images: int) -> None:
    found, mirrored = wilson(share, images), wilson(1 - share, images)
    assert found.low == pytest.approx(1 - mirrored.high, abs=1e-9)


@given(share=st.floats(0, 1), images=st.integers(1, 5000))
def test_more_images_make_it_narrower(share: float, images: int) -> None:
    assert wilson(share, 2 * images).half_width < wilson(share, images).half_width


@pytest.mark.parametrize(("share", "images"), [(0.5, 0), (-0.1, 10), (1.1, 10), (float("nan"), 10)])
def test_there_is_none_without_images_or_for_what_is_no_share(share: float, images: int) -> None:
    with pytest.raises(ValueError, match="no interval"):
        wilson(share, images)


@given(right=st.integers(0, 3000), images=st.integers(1, 3000))
def test_it_agrees_with_statsmodels(right: int, images: int) -> None:
    right = min(right, images)
    low, high = proportion_confint(right, images, method="wilson")
    found = wilson(right / images, images)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-12)


@pytest.mark.parametrize("freedom", [1, 1.9, 2, 3.5, 9, 9.99, 10, 10.5, 25, 80, 1e3, 1e9])
def test_students_quantile_is_that_of_scipy_and_never_too_small(freedom: float) -> None:
    exact = t.ppf(0.975, freedom if freedom >= 10 else int(freedom))
    assert student(freedom) == pytest.approx(exact, abs=1e-3)
    assert student(freedom) >= t.ppf(0.975, freedom) - 1e-3


def test_one_seed_or_seeds_that_agree_have_wilsons_interval() -> None:
    assert with_seeds(0.6, 500, 1, 0.0) == with_seeds(0.6, 500, 3, 0.0) == wilson(0.6, 500)


@given(st.floats(0, 1), st.integers(1, 3000), st.integers(2, 9), st.floats(0, 0.3))
def test_seeds_that_differ_make_it_wider_and_it_stays_within_bounds(
    accuracy: float, images: int, seeds: int, spread: float
) -> None:
    plain, found = wilson(accuracy, images), with_seeds(accuracy, images, seeds, spread)
    assert 0 <= found.low <= plain.low + 1e-12
    assert plain.high - 1e-12 <= found.high <= 1


@pytest.mark.parametrize(("seeds", "wobble"), [(2, 0.1), (3, 0.02), (3, 0.3), (5, 0.1), (5, 1.0)])
def test_it_holds_the_true_mean_as_often_as_it_says_when_images_and_seeds_are_drawn(seeds: int, wobble: float) -> None:
    """Entries of known mean: images differ in difficulty and seeds in skill, by `wobble` on the logit's scale."""
    random = np.random.default_rng(20261122)
    images, entries = 400, 2000
    chances = 1 / (1 + np.exp(random.normal(0, 1.5, 20_000) - random.normal(0.7, wobble, 20_000)))
    held = 0
    for _ in range(entries):
        difficulty, skill = random.normal(0, 1.5, images), random.normal(0.7, wobble, (seeds, 1))
        accuracies = (random.random((seeds, images)) < 1 / (1 + np.exp(difficulty - skill))).mean(axis=1)
        found = with_seeds(accuracies.mean(), images, seeds, accuracies.std(ddof=1))
        held += found.low <= chances.mean() <= found.high
    assert held / entries >= 0.95 - 3 * sqrt(0.95 * 0.05 / entries)  # what 2,000 draws can be off by themselves
