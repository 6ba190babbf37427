"""The door of organizers' forms with files: only an organizer's may be as large as an archive, no other is read."""

import re
from http import HTTPStatus

from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext as _

from fixpoint.accounts.language import language_asked
from fixpoint.body_limit import Application, Receive, Scope, Send
from fixpoint.uploads.answers import Answer, answer_send
from fixpoint.uploads.people import person_of
from fixpoint.uploads.refusals import UploadRefusedError, database_away
from fixpoint.uploads.threads import Threads
from fixpoint.uploads.unread import form_refused

FORMS = re.compile(r"/organize/(new/|[^/]+/label-book/$)")
"""All of the wizard's, and the one by which another label book is handed in."""


def is_wizards(scope: Scope) -> bool:
    """Whether this brings one of FORMS, which may have files in them."""
    return scope["type"] == "http" and scope["method"] == "POST" and bool(FORMS.match(str(scope["path"])))


def with_wizard(application: Application, *, most_unasked: int) -> Application:
    """The same application; one of FORMS that is larger than `most_unasked` is taken of organizers alone."""
    threads = Threads(2, "wizard")

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        is_small = not is_wizards(scope) or 0 <= _length(scope) <= most_unasked
        refusal = None if is_small else await threads.run(_refusal_told, scope)
        if refusal:
            await answer_send(refusal, send, is_head=False)
        else:
            await application(scope, receive, send)

    return asked


def _length(scope: Scope) -> int:
    told = [value for name, value in scope["headers"] if name == b"content-length" and value.isdigit()]
    return int(told[0]) if told else -1


def _refusal_told(scope: Scope) -> Answer | None:
    with translation.override(language_asked(scope)):
        return _refusal(scope)


def _refusal(scope: Scope) -> Answer | None:
    try:
        if person_of(scope).is_organizer:
            return None
    except UploadRefusedError as refusal:
        return form_refused(scope, refusal)
    except DatabaseError:
        return form_refused(scope, database_away())
    return form_refused(scope, UploadRefusedError(HTTPStatus.NOT_FOUND, _("There is nothing here.")))
