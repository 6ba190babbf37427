"""The wizard's door: only an organizer's form may be as large as an archive, and no other is read at all."""

import re

from django.db import DatabaseError

from fixpoint.body_limit import Application, Receive, Scope, Send
from fixpoint.uploads import answers
from fixpoint.uploads.answers import Answer, answer_send
from fixpoint.uploads.people import person_of
from fixpoint.uploads.refusals import UploadRefusedError, database_away
from fixpoint.uploads.threads import Threads

FORMS = re.compile(r"/organize/(new/|[^/]+/label-book/$)")


def is_wizards(scope: Scope) -> bool:
    """Whether this brings a form of the wizard, with files in it."""
    return scope["type"] == "http" and scope["method"] == "POST" and bool(FORMS.match(str(scope["path"])))


def with_wizard(application: Application, *, most_unasked: int) -> Application:
    """The same application; a form of the wizard's that is larger than `most_unasked` is taken of organizers alone."""
    threads = Threads(2, "wizard")

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        is_small = not is_wizards(scope) or 0 <= _length(scope) <= most_unasked
        refusal = None if is_small else await threads.run(_refusal, scope)
        if refusal:
            await answer_send(refusal, send, is_head=False)
        else:
            await application(scope, receive, send)

    return asked


def _length(scope: Scope) -> int:
    told = [value for name, value in scope["headers"] if name == b"content-length" and value.isdigit()]
    return int(told[0]) if told else -1


def _refusal(scope: Scope) -> Answer | None:
    try:
        is_organizer = person_of(scope).is_organizer
    except UploadRefusedError as refusal:
        return _closing(answers.refused(refusal))
    except DatabaseError:
        return _closing(answers.refused(database_away()))
    return None if is_organizer else _closing(Answer(404, {}, "There is nothing here.\n"))


def _closing(answer: Answer) -> Answer:
    return Answer(answer.status, {**answer.headers, "Connection": "close"}, answer.text)
