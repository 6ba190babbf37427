"""What became of a team, as its page lists it and its members are told."""

from django.utils.translation import gettext_noop as _

SENTENCES = (
    _("%(who)s made the team."),
    _("%(who)s renamed the team from %(before)s to %(after)s."),
    _("%(who)s renewed the invitation; the link before is void."),
    _("%(who)s made %(heir)s the captain."),
    _("%(heir)s is the captain now: %(who)s has deleted their account."),
    _("%(who)s joined the team."),
    _("%(who)s left the team."),
    _("%(who)s removed %(member)s from the team."),
    _("%(who)s merged the team into %(other)s."),
    _("%(who)s merged the team %(other)s (%(people)s) into this one."),
    _(
        "Together the teams had chosen %(spare)s more than the %(most)s entries that a team may choose: the newest are "
        "not chosen any more. Choose anew if others should stand."
    ),
)
