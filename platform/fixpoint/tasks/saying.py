"""What a stranger wrote, as it stands in a sentence about it: short, whatever it holds."""

import reprlib
from typing import Final

MOST_SIGNS: Final = 500


def shortly(value: object) -> str:
    """Its `repr` with the middle left out where it is long; bounded in time too."""
    return _SHORT.repr(value)


def clipped(text: str) -> str:
    """At most so many signs of it; halves of signs, which no page can be written with, as their numbers."""
    whole = text if len(text) <= MOST_SIGNS else f"{text[: MOST_SIGNS - 1]}…"
    return whole.encode("utf-8", "backslashreplace").decode("utf-8")


def _short() -> reprlib.Repr:
    short = reprlib.Repr()
    short.maxstring = short.maxother = 120
    short.maxlevel = 2
    return short


_SHORT = _short()
