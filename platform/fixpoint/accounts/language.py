"""The language that a person has chosen: kept with the account, spoken by pages, mails and notices."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpResponse
from django.utils import translation

from fixpoint.accounts.models import User

Words = str | Callable[[], str]
"""A text as it is, or what writes it in the language that is spoken when it is called."""


def language_of(user: User) -> str:
    """As chosen; the site's own as long as nothing is, and for a language that the site has no more."""
    return user.language if user.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def speaking_to(user: User) -> AbstractContextManager[None]:
    """Whatever is written within is in this person's language: jobs and mails have no page to follow."""
    return translation.override(language_of(user))


def written(words: Words) -> str:
    """In the language that is spoken now."""
    return words() if callable(words) else words


def language_choose(*, user: User, language: str) -> None:
    """From now on; what is no language of this site changes nothing."""
    if language in dict(settings.LANGUAGES):
        User.objects.filter(pk=user.pk).update(language=language)
        user.language = language


def language_asked(scope: dict[str, object]) -> str:
    """Of a raw ASGI request: its cookie's choice, else the browser's wish, as the pages have it."""
    return translation.get_language_from_request(ASGIRequest(scope, io.BytesIO()))


def language_told(response: HttpResponse, language: str) -> None:
    """Have this device's pages in it, as after a choice at /language/."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,  # type: ignore[arg-type] # a str in the settings
    )
