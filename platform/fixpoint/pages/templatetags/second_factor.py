"""The picture of a second factor's secret, as the page's own policy allows it: drawn in the page, without a style."""

import re

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def qr(svg: str) -> SafeString:
    """allauth's SVG, which names its size in millimetres, as an image with a name."""
    drawn = svg[svg.index("<svg") :]
    named = re.sub(r"<svg\b", f'<svg role="img" aria-label="{_("The secret as a QR code")}"', drawn, count=1)
    return mark_safe(named)  # noqa: S308 - drawn by the library from a secret and a name that it quotes
