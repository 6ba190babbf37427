"""An entry's badge: its score and grams as a small picture for a README or a page of one's own."""

from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from fixpoint.pages.templatetags.figures import grams, share
from fixpoint.pages.told import own_or_404, reach, standardised_grams, told_accuracy
from fixpoint.submissions.models import Submission

NAME = "fixpoint"
_SIGN_WIDTH, _MARGIN = 6, 6
"""Pixels of a sign at 11 px in the usual faces; `textLength` holds every face to that."""
SECONDS = 300
"""A copy may be as old as this: scores change at the task's end."""


@require_safe
def badge(request: HttpRequest, entry_id: UUID) -> HttpResponseBase:
    """SVG, for everybody; an unchanged one is not sent again."""
    entry = own_or_404(request, entry_id)
    says = badge_text(entry)
    name_width, says_width = _width(NAME), _width(says)
    context = {
        "name": NAME,
        "says": says,
        "name_width": name_width,
        "says_width": says_width,
        "width": name_width + says_width,
        "name_middle": name_width / 2,
        "says_middle": name_width + says_width / 2,
        "name_length": name_width - 2 * _MARGIN,
        "says_length": says_width - 2 * _MARGIN,
        "is_disqualified": entry.disqualified_at is not None,
    }
    response = render(request, "submissions/badge.svg", context, content_type="image/svg+xml")
    response.headers["Cache-Control"] = f"{reach(entry.task)}, max-age={SECONDS}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    etag = f'"{says}"'.replace("\N{MIDDLE DOT}", "-").replace("\N{NO-BREAK SPACE}", " ")
    response.headers["ETag"] = etag
    found: HttpResponseBase = get_conditional_response(request, etag=etag, response=response) or response
    return found


def badge_text(entry: Submission) -> str:
    """What stands on it: 0.8465 · 0.53 g."""
    if entry.disqualified_at:
        return "disqualified"
    return f"{share(told_accuracy(entry))} · {grams(standardised_grams(entry))}"


def _width(text: str) -> int:
    return len(text) * _SIGN_WIDTH + 2 * _MARGIN
