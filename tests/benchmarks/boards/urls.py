"""All addresses of the site, and a view that does nothing but answer with so many bytes."""

from functools import cache

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


@cache
def _bytes(many: int) -> bytes:
    return b"x" * many


def static(_request: HttpRequest, many: int) -> HttpResponse:
    """The same bytes each time."""
    return HttpResponse(_bytes(many))


urlpatterns = [path("static-view/<int:many>/", static), path("", include("fixpoint.urls"))]
