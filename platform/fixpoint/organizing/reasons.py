"""Why something was done, as an organizer gives it."""

from django.utils.translation import gettext as _

from fixpoint.organizing.refusals import ActRefusedError

LONGEST = 300


def reason_of(why: str) -> str:
    """The reason without what is around it. ActRefusedError where there is none, or too much of it."""
    if not why.strip():
        raise ActRefusedError(_("Say why: whom it concerns reads it, and the audit trail keeps it."))
    if len(why.strip()) > LONGEST:
        raise ActRefusedError(_("Say it in %(most)s characters at most.") % {"most": LONGEST})
    return why.strip()
