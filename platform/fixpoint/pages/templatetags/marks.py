"""Small marks of text: a time that tells how long ago, a digest that can be copied."""

from datetime import datetime

from django import template

register = template.Library()


@register.inclusion_tag("parts/time.html")
def ago(moment: datetime | None) -> dict[str, datetime | None]:
    """A time relative to now, the exact one on hover."""
    return {"moment": moment}


@register.inclusion_tag("parts/day.html")
def day(moment: datetime) -> dict[str, datetime]:
    """A time by its day, the exact one on hover: it stays true on a page that is kept."""
    return {"moment": moment}


@register.inclusion_tag("parts/digest.html")
def digest(value: str) -> dict[str, str]:
    """The first twelve signs of a digest, and a button that copies all of it."""
    short = value.removeprefix("sha256:")[:12]
    return {"value": value, "short": short}
