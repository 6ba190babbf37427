"""What whoever asks for an entry's events may have: the stream, its end, or nothing."""

from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse

from fixpoint.accounts.models import User
from fixpoint.submissions.events.looks import Look, looks_at
from fixpoint.submissions.events.words import told
from fixpoint.submissions.models import Submission
from fixpoint.submissions.selectors import submission_for

STREAM = {"Content-Type": "text/event-stream", "Cache-Control": "private, no-store", "X-Accel-Buffering": "no"}
"""The last for nginx, which would else keep events back until it has many."""


@dataclass(frozen=True)
class Admitted:
    """Somebody who may follow the entry, and what it is like now."""

    person: int
    look: Look


def admitted(user: User | AnonymousUser, entry: UUID, path: str, seen: str) -> Admitted | HttpResponse:
    """As the entry's page answers; `seen` is the version that whoever asks knows. 204 stops a browser's asking."""
    try:
        submission = submission_for(user, entry)
    except Submission.DoesNotExist:
        return redirect_to_login(path) if not user.is_authenticated else HttpResponse(status=HTTPStatus.NOT_FOUND)
    look = looks_at([submission.pk])[submission.pk]
    if not look.is_final:
        return Admitted(person=user.pk or 0, look=look)
    if look.version == seen:
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers=STREAM)
    return HttpResponse(told(look), headers=STREAM)
