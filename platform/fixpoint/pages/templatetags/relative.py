"""Uncertainties, errors and multiples, as every page writes them."""

from django import template
from django.utils.safestring import SafeString

from fixpoint.pages.templatetags.figures import SPACE, absent, amount, decimals

register = template.Library()


@register.simple_tag
def plus_minus(band: float | None) -> str:
    """A relative uncertainty: ± 25 %; nothing where none is known."""
    return "" if band is None else f"±{SPACE}{_percent(band)}"


@register.filter
def signed_percent(value: float | None) -> str | SafeString:
    """A relative error with its sign: +12 %."""
    if value is None:
        return absent()
    sign = "+" if value > 0 else "−" if value < 0 else "±"
    return f"{sign}{_percent(abs(value))}"


@register.filter
def multiple(value: float | None) -> str | SafeString:
    """How many times as much: × 2.4."""
    return absent() if value is None else f"×{SPACE}{amount(value)}"


def _percent(share: float) -> str:
    return f"{decimals(100 * share, 0 if share >= 0.1 else 1)}{SPACE}%"
