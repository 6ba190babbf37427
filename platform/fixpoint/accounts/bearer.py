"""Requests that bear a token: what they may ask, and that no session counts beside it."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.csrf import csrf_exempt

from fixpoint.accounts.models import User
from fixpoint.accounts.pace import TooFastError, asker, pace_expect
from fixpoint.accounts.requests import SignedInRequest
from fixpoint.accounts.tokens import token_user

P = ParamSpec("P")
_SCHEME = "bearer"
NEEDS_TOKEN = gettext_noop("Send a token of yours: Authorization: Bearer fxp_… It is made at /me/account/tokens/.")


def bears_token(request: HttpRequest) -> bool:
    """Whether it says to bear one, of use or not."""
    return request.headers.get("Authorization", "").partition(" ")[0].lower() == _SCHEME


def bearer_of(request: HttpRequest) -> User | None:
    """Whose token it bears; None where it bears none that is of use."""
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    return token_user(text.strip()) if scheme.lower() == _SCHEME else None


class BearerMiddleware(MiddlewareMixin):
    """Who bears a token is nobody by their session: what takes tokens asks for them, and nothing else does."""

    def process_request(self, request: HttpRequest) -> None:
        """Before anybody looks at the session's person."""
        if bears_token(request):
            request.user = AnonymousUser()


def by_token(
    *methods: str,
) -> Callable[
    [Callable[Concatenate[SignedInRequest, P], HttpResponse]], Callable[Concatenate[HttpRequest, P], HttpResponse]
]:
    """A view for programs, by a token alone: no session counts, so that no page of another site can ask either."""

    def taking(
        view: Callable[Concatenate[SignedInRequest, P], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def asked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method not in methods:
                return _other_method(methods)
            answer = _answered(request, lambda known: view(known, *args, **kwargs))
            answer.headers["Cache-Control"] = "private, no-store"
            return answer

        return asked

    return taking


def _other_method(methods: tuple[str, ...]) -> HttpResponse:
    allowed = ", ".join(methods)
    said = {"detail": _("This address takes %(methods)s alone.") % {"methods": allowed}}
    return JsonResponse(said, status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": allowed})


def _answered(request: HttpRequest, view: Callable[[SignedInRequest], HttpResponse]) -> HttpResponse:
    user = bearer_of(request)
    request.user = user or AnonymousUser()
    try:
        pace_expect(kind="json", who=asker(request))
    except TooFastError as error:
        headers = {"Retry-After": str(error.again_in)}
        return JsonResponse({"detail": str(error)}, status=HTTPStatus.TOO_MANY_REQUESTS, headers=headers)
    if user is None:
        headers = {"WWW-Authenticate": "Bearer"}
        return JsonResponse({"detail": _(NEEDS_TOKEN)}, status=HTTPStatus.UNAUTHORIZED, headers=headers)
    return view(request)  # type: ignore[arg-type]  # its user is a person, as of here
