"""Numbers in the language of who reads them: 10,000 in English, 10 000 in French."""

from functools import lru_cache
from math import floor, log10

from django.utils.formats import number_format
from django.utils.translation import get_language

_KIB, _MIB = 2**10, 2**20
_SPACE = "\N{NO-BREAK SPACE}"


def whole(value: int) -> str:
    """A count with separators of thousands."""
    return fixed(value, 0)


def mib(size: int) -> str:
    """Bytes as sentences about limits tell them: 1,024.5 MiB."""
    return f"{fixed(size / _MIB, 1)} MiB"


def size(count: int) -> str:
    """Bytes in binary units, as the rules of the archive count them."""
    value, places, unit = _binary(count)
    return f"{fixed(value, places)}{_SPACE}{unit}"


def size_at_least(count: int) -> str:
    """The same, rounded down: what is left beside something, however little that takes."""
    value, places, unit = _binary(count)
    return f"{fixed(floor(value * 10**places) / 10**places, places)}{_SPACE}{unit}"


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


def _binary(count: int) -> tuple[float, int, str]:
    """The value in its unit, and the decimals that it is worth."""
    value, units = float(count), ["B", "KiB", "MiB", "GiB", "TiB"]
    while value >= _KIB and len(units) > 1:
        value /= _KIB
        units.pop(0)
    return value, 0 if value >= 100 or units[0] == "B" else 1, units[0]
