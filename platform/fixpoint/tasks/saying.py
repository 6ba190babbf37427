"""What a stranger wrote, as it stands in a sentence about it: short, whatever it holds."""

import reprlib
from collections.abc import Sequence
from typing import Final

from django.utils.translation import ngettext

from fixpoint.figures import whole

MOST_SIGNS: Final = 500
_TOLD: Final = 10
"""Problems of one file that are told; what is behind them seldom says more."""


def shortly(value: object) -> str:
    """Its `repr` with the middle left out where it is long; bounded in time too."""
    return _SHORT.repr(value)


def clipped(text: str) -> str:
    """At most so many signs of it; halves of signs, which no page can be written with, as their numbers."""
    whole = text if len(text) <= MOST_SIGNS else f"{text[: MOST_SIGNS - 1]}…"
    return whole.encode("utf-8", "backslashreplace").decode("utf-8")


def at_most_ten(problems: Sequence[str]) -> list[str]:
    """The first ten, and how many more there are."""
    more = len(problems) - _TOLD
    if more <= 0:
        return list(problems)
    says = ngettext("And %(more)s more like these.", "And %(more)s more like these.", more) % {"more": whole(more)}
    return [*problems[:_TOLD], says]


def _short() -> reprlib.Repr:
    short = reprlib.Repr()
    short.maxstring = short.maxother = 120
    short.maxlevel = 2
    return short


_SHORT = _short()
