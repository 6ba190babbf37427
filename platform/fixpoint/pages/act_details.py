"""What an act of organizers changed, in the reader's words: the names of its details, and their values."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from fixpoint.organizing.wizard.telling import label_of
from fixpoint.pages.looks import LOOKS
from fixpoint.sayings.saying import said

_NAMES: dict[str, str | Promise] = {
    "archived_at": gettext_lazy("archived since"),
    "awards": gettext_lazy("awards"),
    "entries_stopped": gettext_lazy("entries stopped"),
    "extra_entries": gettext_lazy("extra entries"),
    "grounds": gettext_lazy("grounds"),
    "into_draft": gettext_lazy("into the draft"),
    "join_at_once": gettext_lazy("whoever has the link joins at once"),
    "join_link": gettext_lazy("link for joining"),
    "paused_at": gettext_lazy("paused since"),
    "prize": gettext_lazy("prize"),
    "rerun": gettext_lazy("run again as"),
    "revision": gettext_lazy("revision"),
    "text": pgettext_lazy("a detail", "text"),
    "votes": pgettext_lazy("a detail", "votes"),
    "was": gettext_lazy("it was"),
    "was_disqualified": gettext_lazy("it was disqualified"),
}
_VALUES: dict[str, dict[str, str | Promise]] = {
    "join_link": {"new": pgettext_lazy("a link", "new"), "ended": pgettext_lazy("a link", "ended")}
}


def detail_told(name: str, change: object) -> str:
    """From what to what, or just what."""
    says = _NAMES.get(name) or str(label_of(name)).replace("_", " ")  # without a label it is its own name
    if isinstance(change, dict) and change.keys() == {"from", "to"}:
        was, now = (_value(name, change[each]) for each in ("from", "to"))
        return _("%(name)s: %(was)s → %(now)s") % {"name": says, "was": was, "now": now}
    return _("%(name)s: %(value)s") % {"name": says, "value": _value(name, change)}


def _value(name: str, value: object) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "was" and value in LOOKS:
        return str(LOOKS[str(value)].word)
    if name == "grounds":
        return said(str(value))
    return str(_VALUES.get(name, {}).get(str(value), value))
