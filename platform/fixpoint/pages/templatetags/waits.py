"""How long something will take, as a range in words."""

from math import ceil, floor

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fixpoint.pages.templatetags.figures import whole

register = template.Library()

_MINUTE, _HOUR = 60, 3600
_MINUTES = 90
"""More are told in hours."""


@register.filter
def wait_words(seconds: tuple[float, float]) -> str:
    """Seconds at the least and at the most, rounded outwards: within 5 minutes, in 5 to 20 minutes, in 2 to 3 hours."""
    low, high = seconds
    unit = _MINUTE if high <= _MINUTES * _MINUTE else _HOUR
    least, most = floor(low / unit), max(1, ceil(high / unit))
    counts = {"least": whole(least), "most": whole(most)}
    if not least:
        minutes, hours = (
            ngettext("within a minute", "within %(most)s minutes", most),
            ngettext("within an hour", "within %(most)s hours", most),
        )
    elif least == most:
        minutes, hours = (
            ngettext("in about a minute", "in about %(most)s minutes", most),
            ngettext("in about an hour", "in about %(most)s hours", most),
        )
    else:
        minutes, hours = _("in %(least)s to %(most)s minutes"), _("in %(least)s to %(most)s hours")
    return (minutes if unit == _MINUTE else hours) % counts
