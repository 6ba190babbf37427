"""The search for what is nobody else's business finds it, and nothing that only looks like it."""

import pytest

from tests.access.whose import is_told
from tests.access.world import CLOSED_FIGURES, OWNERS


@pytest.mark.parametrize("figure", CLOSED_FIGURES)
def test_a_figure_is_found_and_a_moment_is_none(figure: str) -> None:
    for told in (figure, f'{{"accuracy":{figure}0001}}', f"<dd>-{figure}</dd>", f">{figure}<"):
        assert is_told(figure, told)
    assert not is_told(figure, f'<time datetime="2026-11-23t17:03:5{figure}2+00:00">')


def test_a_word_is_found_wherever_it_stands() -> None:
    assert is_told(OWNERS, f"the{OWNERS}s")
    assert is_told("An-Id", "/datasets/an-id/")
    assert not is_told(OWNERS, "somebody else's")
