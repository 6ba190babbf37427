"""Marks of states, findings, changes, limits and levels."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fixpoint.pages.looks import LOOKS, Look

register = template.Library()

SEVERITIES = {
    "wrong": Look(_("Wrong"), "bad", "cross"),
    "doubtful": Look(_("Doubtful"), "warn", "alert"),
    "note": Look(_("Note"), "", "search"),
}

CHANGES = {
    "added": _("Added"),
    "removed": _("Removed"),
    "relabelled": _("Relabelled"),
    "moved": _("Moved between splits"),
    "edited": _("Edited"),
    "reencoded": _("Saved anew"),
}

LEVELS = {
    "M3": _("M3: read from a wall meter"),
    "M2": _("M2: counters of the processors, on a host used by nothing else"),
    "M1": _("M1: the CPU-seconds of this run times watts per core"),
    "M0": _("M0: estimated by CodeCarbon's model, with a wide band"),
}

LIMITS = {
    "wall_seconds": _("Time"),
    "memory_bytes": _("Memory"),
    "output_bytes": _("Bytes written"),
    "output_files": _("Files written"),
}


@register.inclusion_tag("parts/state.html")
def state(status: str, kind: str = "") -> dict[str, Look]:
    """A pill for a state; where words differ by what is in it, `kind` says what."""
    return {"look": look_of(status, kind)}


@register.inclusion_tag("parts/state.html")
def severity(word: str) -> dict[str, Look]:
    """A pill for how grave a finding is."""
    return {"look": SEVERITIES[word]}


@register.simple_tag
def tone(status: str) -> str:
    """The colour of a state."""
    return look_of(status).tone


@register.simple_tag
def word(status: str, kind: str = "") -> str | Promise:
    """The word for a state."""
    return look_of(status, kind).word


@register.simple_tag
def change_word(name: str) -> str | Promise:
    """The word for a change between two datasets."""
    return CHANGES[name]


@register.simple_tag
def limit_word(name: str) -> str | Promise:
    """The word for a limit of `worker.contract.Limits`."""
    return LIMITS.get(name, name)


@register.inclusion_tag("parts/icon.html")
def sign(status: str) -> dict[str, str]:
    """The icon of a state, beside its word."""
    return {"name": look_of(status).icon}


@register.inclusion_tag("parts/icon.html")
def icon(name: str) -> dict[str, str]:
    """A symbol of our sprite, for the eye only: the word stands beside it."""
    return {"name": name}


@register.inclusion_tag("parts/level.html")
def level(code: str) -> dict[str, str | Promise]:
    """How well a figure was measured."""
    return {"code": code, "says": LEVELS.get(code, "")}


def look_of(status: str, kind: str = "") -> Look:
    """A state that this list does not know is shown by its own word, in grey."""
    return LOOKS.get(f"{kind} {status}") or LOOKS.get(status) or Look(status, "", "clock")
