"""The answer to a request that needed the store while it was away: come again, and no stack trace."""

import logging
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _

from fixpoint.blobs.away import StoreAwayError

log = logging.getLogger(__name__)
_AGAIN_SECONDS = 30


class StoreAwayMiddleware(MiddlewareMixin):
    """503 for a StoreAwayError, whichever view met it."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """None leaves every other error to Django."""
        if not isinstance(exception, StoreAwayError):
            return None
        log.error("The store was away for %s: %s", request.path, exception)
        text = _("The store of files does not answer. Nothing is lost: try again in a minute.")
        answer = HttpResponse(f"{text}\n", content_type="text/plain; charset=utf-8")
        answer.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        answer.headers["Retry-After"] = str(_AGAIN_SECONDS)
        return answer
