"""Whose session a raw ASGI request bears, for what is answered beside Django."""

import io
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.asgi import ASGIRequest

from fixpoint.accounts.bearer import bears_token
from fixpoint.accounts.models import User
from fixpoint.accounts.second_factor import lacks_second_factor

_SESSIONS = import_module(settings.SESSION_ENGINE)


def user_of(scope: dict[str, object]) -> User | AnonymousUser:
    """Asks the database. It says nothing of whether a page of another site has asked.

    An organizer who has yet to set up the second factor that this installation asks for is nobody here.
    """
    request = ASGIRequest(scope, io.BytesIO())
    if bears_token(request):
        return AnonymousUser()  # what takes tokens asks for them
    request.session = _SESSIONS.SessionStore(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    user = get_user(request)
    return user if isinstance(user, User) and not lacks_second_factor(user) else AnonymousUser()
