"""Numbers in the language of who reads them: 10,000 in English, 10 000 in French."""

from functools import lru_cache
from math import floor, log10

from django.utils.formats import number_format
from django.utils.translation import get_language

_MIB = 2**20


def whole(value: int) -> str:
    """A count with separators of thousands."""
    return fixed(value, 0)


def mib(size: int) -> str:
    """Bytes as sentences about limits tell them: 1,024.5 MiB."""
    return f"{fixed(size / _MIB, 1)} MiB"


def fixed(value: float, places: int) -> str:
    """Rounded first: Django's own formatting cuts what is left over."""
    return _written(f"{value:.{places}f}", places, get_language())


def significant(value: float) -> str:
    """Three significant digits: 0.00541, 2.41, 1,230."""
    if value == 0:
        return "0"
    decimals = max(0, 2 - floor(log10(abs(value))))
    return fixed(value, decimals)


@lru_cache(maxsize=4096)
def _written(digits: str, places: int, _language: str | None) -> str:
    return number_format(digits, places, force_grouping=True)
