"""`said`: what was kept as an English sentence, in the reader's language; `reasons`: each of several. Known to all."""

from django import template

from fixpoint.sayings.saying import said

register = template.Library()
register.filter("said", said, is_safe=False)


@register.filter
def reasons(text: str) -> list[str]:
    """Of files with a reason each, as of a task's material."""
    return said(text).split("; ")
