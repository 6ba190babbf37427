"""What programs ask every site for, wherever they are sent: a picture for a tab, and where not to go."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe

_ROBOTS = """User-agent: *
Disallow: /accounts/
Disallow: /admin/
Disallow: /api/
Disallow: /datasets/
Disallow: /me/
Disallow: /organize/
Disallow: /uploads/
"""
"""What needs an account: there is nothing to find for who has none."""


@require_safe
def favicon(_request: HttpRequest) -> HttpResponse:
    """The logo that pages name, for who does not read them."""
    return redirect(static("img/logo.svg"))


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """The same for all of them."""
    return HttpResponse(_ROBOTS, content_type="text/plain; charset=utf-8")
