"""Pages that are the same for all who are not signed in: caches may keep them, and ask each time."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import add_never_cache_headers, get_conditional_response, patch_vary_headers

from fixpoint.leaderboard.cached import is_nobody
from fixpoint.leaderboard.shelf import rendered


def shared(request: HttpRequest, page: HttpResponse, *, is_public: bool) -> HttpResponseBase:
    """Not modified to who has it already; a page for one person, or of what is not public, is kept by nobody."""
    patch_vary_headers(page, ("Accept-Language", "Cookie"))
    if not (is_public and _is_for_all(request)):
        add_never_cache_headers(page)
        return page
    etag = rendered(page.content).etag
    page.headers["ETag"] = etag
    page.headers["Cache-Control"] = "public, no-cache"
    return get_conditional_response(request, etag=etag, response=page) or page


def _is_for_all(request: HttpRequest) -> bool:
    """After the page was made: one that holds a form's token says so, and is for that one reader."""
    is_form = request.META.get("CSRF_COOKIE_NEEDS_UPDATE", False)
    return is_nobody(request) and not request.user.is_authenticated and not is_form
