"""A deviation, printed (`pytest -rP` shows it) and held under its bound."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def assert_within(what: str, ours: ArrayLike, theirs: ArrayLike, bound: float) -> None:
    """The largest absolute difference of two arrays of one shape is at most the bound."""
    one, other = np.asarray(ours, np.float64), np.asarray(theirs, np.float64)
    assert one.shape == other.shape, what
    found = np.abs(one - other).max(initial=0)
    print(f"{what}: {found:.3g}, at most {bound:.3g}")
    assert found <= bound, what


def assert_relatively_within(ours: dict[str, NDArray[Any]], theirs: dict[str, NDArray[Any]], bound: float) -> None:
    """Every tensor is within the bound times its own largest value."""
    shares = {name: np.abs(tensor - theirs[name]).max() / np.abs(theirs[name]).max() for name, tensor in ours.items()}
    worst = max(shares, key=lambda name: shares[name])
    print(f"worst of {len(shares)} tensors, {worst}: {shares[worst]:.3g} of its largest, at most {bound:.3g}")
    assert shares[worst] <= bound, worst
