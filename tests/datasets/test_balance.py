"""How even classes are, in figures that can be worked out by hand."""

import pytest

from fixpoint.datasets.precheck.balance import balance_of


def test_equal_classes_are_even() -> None:
    balance = balance_of("train", [7, 7, 7])
    assert balance is not None
    assert (balance.ratio, balance.evenness) == (1, pytest.approx(1))


def test_one_class_of_three_quarters_is_as_uneven_as_it_is() -> None:
    balance = balance_of("val", [3, 1])
    assert balance is not None
    assert balance.ratio == 3
    assert balance.evenness == pytest.approx(0.8112781)  # bits of a coin that falls on one side three times in four


@pytest.mark.parametrize("counts", [[5, 0], [5], []])
def test_an_empty_class_or_a_single_one_has_no_balance(counts: list[int]) -> None:
    assert balance_of("train", counts) is None
