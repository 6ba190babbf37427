"""Wilson's interval agrees with its definition and with published values."""

from math import isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixpoint.leaderboard.interval import Z95, wilson


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
