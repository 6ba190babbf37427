"""Numbers as every page writes them: with units, with uncertainty, in the reader's language."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from fixpoint.energy.estimates import km_by_car
from fixpoint.figures import fixed as _fixed
from fixpoint.figures import significant as _significant
from fixpoint.figures import size, size_at_least

register = template.Library()

SPACE = "\N{NO-BREAK SPACE}"
_ENERGIES = (("kWh", 1), ("Wh", 10**3), ("mWh", 10**6))


@register.filter
def share(value: float | None) -> str | SafeString:
    """A share of 1 with four decimals: 0.8465."""
    return absent() if value is None else _fixed(value, 4)


@register.filter
def decimals(value: float, places: int) -> str:
    """A number with so many decimals."""
    return _fixed(value, places)


@register.simple_tag
def half_width(low: float, high: float) -> str:
    """What stands behind ±: half of an interval."""
    return f"±{SPACE}{_fixed((high - low) / 2, 3)}"


@register.filter
def give_or_take(value: float) -> str:
    """A spread behind the mean that it belongs to: ± 0.0045."""
    return f"±{SPACE}{_fixed(value, 4)}"


@register.simple_tag
def change(value: float) -> str:
    """A difference of shares with its sign."""
    sign = "+" if value > 0 else "−" if value < 0 else "±"
    return f"{sign}{_fixed(abs(value), 4)}"


@register.simple_tag
def signed_amount(value: float) -> str:
    """A difference with its sign, three significant digits, no unit."""
    sign = "+" if value > 0 else "−" if value < 0 else "±"
    return f"{sign}{_significant(abs(value))}"


@register.simple_tag
def moved(places: int | None) -> SafeString:
    """How many places somebody went up or down; None for somebody who was not there before."""
    if places is None:
        return format_html('<span class="quiet">{}</span>', pgettext("team", "new"))
    if not places:
        return format_html('<span class="quiet" title="{}">=</span>', _("the same place"))
    sign, way = ("▲", _("up")) if places > 0 else ("▼", _("down"))
    return format_html('<span class="moved" title="{}">{}{}{}</span>', way, sign, SPACE, whole(abs(places)))


@register.filter
def amount(value: float | None) -> str | SafeString:
    """Three significant digits, no unit: 0.00541, 2.41, 1,230."""
    return absent() if value is None else _significant(value)


@register.filter
def grams(value: float | None) -> str | SafeString:
    """Grams of CO₂, kilograms from 1,000 on."""
    if value is None:
        return absent()
    if value >= 1000:
        return f"{_significant(value / 1000)}{SPACE}kg"
    return f"{_significant(value)}{SPACE}g"


@register.filter
def known(total: float) -> float | None:
    """A sum over what was measured: of nothing it is not 0 but not measured."""
    return total or None


@register.filter
def kwh(value: float | None) -> str | SafeString:
    """Energy that is stored in kWh, in the unit that it is worth where it stands alone: kWh, Wh or mWh."""
    if value is None:
        return absent()
    unit, factor = next((each for each in _ENERGIES if value * each[1] >= 1), _ENERGIES[-1])
    return f"{_significant(value * factor)}{SPACE}{unit if value else 'Wh'}"


@register.filter
def watt_hours(value: float | None) -> str | SafeString:
    """Energy that is stored in kWh, as Wh without its unit: the one unit of every column and chart."""
    return absent() if value is None else _significant(1000 * value)


@register.simple_tag
def limited(value: float | None, limit: str) -> str | SafeString:
    """What was allowed or used of a limit of `worker.contract.Limits`, in the unit that its name ends in."""
    if value is None:
        return absent()
    if limit.endswith("_seconds"):
        return _to_a_tenth(value)
    return size(int(value)) if limit.endswith("_bytes") else whole(int(value))


@register.filter
def metres_by_car(value: float) -> str:
    """How far an average new car drives for these grams."""
    km = km_by_car(value)
    if km < 1:
        return f"{_significant(1000 * km)}{SPACE}m"
    return f"{_significant(km)}{SPACE}km"


@register.filter
def duration(seconds: float | None) -> str | SafeString:
    """Seconds as a person says them: 42 s, 12 min 30 s, 2 h 5 min."""
    if seconds is None:
        return absent()
    if 0 < seconds < 10:
        return f"{_fixed(seconds, 1)}{SPACE}s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (0 if hours else rest, "s")]
    return SPACE.join(f"{count}{SPACE}{unit}" for count, unit in parts if count) or f"0{SPACE}s"


register.filter("size", size)
register.filter("size_at_least", size_at_least)


@register.filter
def whole(value: int) -> str:
    """A count with separators of thousands."""
    return _fixed(value, 0)


@register.filter
def days_left(days: int) -> str:
    """How long something stays open, in whole days."""
    if days <= 0:
        return _("last day")
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": whole(days)}


@register.filter
def megapixels(pixels: int) -> str:
    """Pixels in millions."""
    unit = _("megapixels")
    return f"{_fixed(pixels / 1e6, 0)}{SPACE}{unit}"


@register.filter
def times(value: int, factor: int) -> int:
    """A product: the height of a picture from its rows."""
    return value * factor


@register.filter
def unlocalized(value: float) -> str:
    """A number for a machine, in any language."""
    return f"{value}"


def absent() -> SafeString:
    """What stands where nothing was measured."""
    return format_html('<span class="quiet" title="{}">–</span>', _("not measured"))


def _to_a_tenth(seconds: float) -> str:
    """A time whose last second matters, however long it is."""
    minutes, tenths = divmod(round(seconds * 10), 600)
    hours, minutes = divmod(minutes, 60)
    rest = _fixed(tenths / 10, 1 if tenths % 10 else 0)
    parts = [(f"{hours}", "h"), (f"{minutes}", "min"), (rest, "s")]
    return SPACE.join(f"{count}{SPACE}{unit}" for count, unit in parts if count != "0") or f"0{SPACE}s"
