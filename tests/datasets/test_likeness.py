"""How alike two images are."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixpoint.datasets.likeness import NEAR, Directions, Greys, blocks, directions
from fixpoint.datasets.precheck.groups import linked


def drawn(count: int, seed: int = 0) -> npt.NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (count, 256)).astype(np.uint8)


def alike(ours: Greys, others: Greys) -> Directions:
    """The correlation of each of our images with the one of the others in the same row."""
    return np.asarray((directions(ours) * directions(others)).sum(axis=1))


def test_lighter_and_paler_pictures_are_the_same_and_a_negative_is_the_opposite() -> None:
    picture = drawn(1) // 2
    assert alike(picture, picture + 60)[0] == pytest.approx(1)
    assert alike(picture, picture // 2)[0] > 0.99
    assert alike(picture, 255 - picture)[0] == pytest.approx(-1)


def test_different_pictures_are_not_near() -> None:
    assert (alike(drawn(500, 1), drawn(500, 2)) < NEAR).all()


def test_a_picture_of_one_grey_is_like_none_not_even_itself() -> None:
    plain = np.full((1, 256), 7, np.uint8)
    assert alike(plain, plain)[0] == 0


def test_blocks_are_the_whole_table_of_correlations() -> None:
    ours, others = directions(drawn(600, 3)), directions(drawn(40, 4))
    parts: list[Any] = [(first, part) for first, part in blocks(ours, others)]
    assert [first for first, _ in parts] == [0, 256, 512]
    assert np.allclose(np.concatenate([part for _, part in parts]), ours @ others.T, atol=1e-6)


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12))))
def test_linked_rows_are_in_one_group_and_groups_share_no_row(pairs: list[tuple[int, int]]) -> None:
    groups = linked(pairs)
    rows = [row for group in groups for row in group]
    assert sorted(rows) == sorted({row for pair in pairs for row in pair})
    place = {row: at for at, group in enumerate(groups) for row in group}
    assert all(place[one] == place[other] for one, other in pairs)
