"""`{{ text|markdown }}`: what people wrote, as HTML that can do nothing."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from fixpoint.pages.markup import markup

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    """Put it in an element with the class `prose`."""
    return mark_safe(markup(text))  # noqa: S308 - what markup() returns has gone through its sieve
