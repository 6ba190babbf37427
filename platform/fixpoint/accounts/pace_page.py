"""The answer to whoever asks too much: a page that says when to come again, in words to a program."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

from fixpoint.accounts.pace import TooFastError, asker, pace_expect
from fixpoint.error_pages import error_page

AGAIN_SECONDS = 60
"""Where the brake does not say: those of signing in count minutes."""


def too_fast(request: HttpRequest, again_in: int = AGAIN_SECONDS) -> HttpResponse:
    """429 with Retry-After. allauth calls it too, by the name `handler429` of the addresses."""
    if request.path.endswith(".json") and "text/html" not in request.headers.get("Accept", ""):
        text = f"Too many requests. Try again in {again_in} seconds.\n"
        answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    else:
        answer = error_page(request, HTTPStatus.TOO_MANY_REQUESTS, again_in=again_in)
    answer.status_code = HTTPStatus.TOO_MANY_REQUESTS
    answer.headers["Retry-After"] = str(again_in)
    answer.headers["Cache-Control"] = "no-store"
    return answer


class PaceMiddleware(MiddlewareMixin):
    """A brake on all that programs read."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        """None lets it through."""
        if not request.path.endswith(".json"):
            return None
        try:
            pace_expect(kind="json", who=asker(request))
        except TooFastError as error:
            return too_fast(request, error.again_in)
        return None
