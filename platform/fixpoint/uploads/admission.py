"""The plain form's door: who may not upload is told before a byte of the file is read.

Django under ASGI writes a whole body to disk before any view sees it. The terms are those of a resumable upload.
"""

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import parse_qs

from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext as _

from fixpoint.accounts.language import language_asked
from fixpoint.body_limit import Application, Receive, Scope, Send
from fixpoint.uploads.announced import announced
from fixpoint.uploads.answers import Answer, answer_send
from fixpoint.uploads.people import person_of
from fixpoint.uploads.refusals import UploadRefusedError, database_away
from fixpoint.uploads.terms import (
    SMALLEST_ZIP,
    expect_fit,
    expect_pace_of,
    expect_room,
    expect_storage_for,
    expect_today_for,
    task_of,
)
from fixpoint.uploads.threads import Threads
from fixpoint.uploads.unread import form_closing, form_refused

FORM = "/datasets/new/"
THREADS = 2
_BESIDE_THE_FILE = 2**16
"""Bytes of a form that are not its file's: its name, and what a browser writes around each field."""
_COPIES = 3
"""So often a form's file lies on the disk at the worst: the body, the file that Django takes from it, our own copy."""


def with_admission(application: Application) -> Application:
    """The same application; of the form only those are let in whose file could be taken."""
    threads = Threads(THREADS, "admission")

    async def admitted(scope: Scope, receive: Receive, send: Send) -> None:
        if is_form(scope) and (refusal := await threads.run(_refusal_told, scope)):
            await answer_send(refusal, send, is_head=False)
        else:
            await application(scope, receive, send)

    return admitted


def is_form(scope: Scope) -> bool:
    """Whether this brings the plain form, with a file in it."""
    return [scope.get(each) for each in ("type", "method", "path")] == ["http", "POST", FORM]


def _refusal_told(scope: Scope) -> Answer | None:
    with translation.override(language_asked(scope)):
        return _refusal(scope)


def _refusal(scope: Scope) -> Answer | None:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    query = scope["query_string"].decode("latin-1")
    try:
        _expect_admissible(scope, headers, _task_asked(query))
    except UploadRefusedError as refusal:
        if refusal.status == HTTPStatus.UNAUTHORIZED:
            return _to_login(f"{FORM}?{query}" if query else FORM)
        return form_refused(scope, refusal)
    except DatabaseError:
        return form_refused(scope, database_away())
    return None


def _expect_admissible(scope: Scope, headers: Mapping[str, str], slug: str) -> None:
    person = person_of(scope)
    expect_pace_of(person)
    length = headers.get("content-length", "")
    if not length.isdigit() or "transfer-encoding" in headers:
        raise UploadRefusedError(HTTPStatus.LENGTH_REQUIRED, _("Say how long the form is, in Content-Length."))
    task = task_of(slug, person)
    file = announced(max(int(length) - _BESIDE_THE_FILE, SMALLEST_ZIP), "")
    expect_fit(file, task)
    expect_today_for(person)
    expect_room(person, file.length, copies=_COPIES)
    expect_storage_for(person, task, file)


def _task_asked(query: str) -> str:
    """As the view behind the door reads it: the last one, an empty one too."""
    return parse_qs(query, keep_blank_values=True).get("task", [""])[-1]


def _to_login(path: str) -> Answer:
    return form_closing(Answer(HTTPStatus.FOUND, {"Location": redirect_to_login(path)["Location"]}))
