"""Small marks of text: a time that tells how long ago, a digest that can be copied."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django import template

register = template.Library()


@register.inclusion_tag("parts/time.html")
def ago(moment: datetime | None) -> dict[str, datetime | None]:
    """A time relative to now, the exact one on hover."""
    return {"moment": moment}


@register.inclusion_tag("parts/when.html")
def when(moment: datetime | None, zone: str = "UTC") -> dict[str, object]:
    """A date that matters to the minute, in its task's time zone; local.js adds the reader's own."""
    there = f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}" if moment else ""
    return {"moment": moment, "there": there}


@register.inclusion_tag("parts/day.html")
def day(moment: datetime) -> dict[str, datetime]:
    """A time by its day, the exact one on hover: it stays true on a page that is kept."""
    return {"moment": moment}


@register.inclusion_tag("parts/digest.html")
def digest(value: str) -> dict[str, str]:
    """The first twelve signs of a digest, and a button that copies all of it."""
    short = value.removeprefix("sha256:")[:12]
    return {"value": value, "short": short}


@register.filter
def at(found: Mapping[object, str], key: object) -> str:
    """What stands there under this key, else nothing."""
    return found.get(key, "") if found else ""
