"""Pages for what went wrong: with the reader's own menu, and without it where the database does not answer."""

from http import HTTPStatus

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django names it
    """400."""
    return error_page(request, HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django names it
    """403."""
    return error_page(request, HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django names it
    """404; what programs ask is answered as they are answered otherwise."""
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": _("There is no such address.")}, status=HTTPStatus.NOT_FOUND)
    return error_page(request, HTTPStatus.NOT_FOUND)


def error_page(request: HttpRequest, status: int, **context: object) -> HttpResponse:
    """The template of this number."""
    template = f"{int(status)}.html"
    context = {"incidents_now": ()} | context  # they are read from the database, which may be what is wrong
    try:
        page = render_to_string(template, context, request)
    except DatabaseError:
        page = render_to_string(template, context)
    return HttpResponse(page, status=status)
