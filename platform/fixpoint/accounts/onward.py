"""Where somebody was going when they had to sign up: in the mailed link, as that may be opened in another browser."""

from urllib.parse import urlencode

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

PLACE = "then"
"""Another word than `next`, by which allauth would go there at once and leave out signing in."""
_LONGEST = 500


def with_onward(url: str, request: HttpRequest) -> str:
    """The link that confirms an address, with the page that whoever asks for it wants to come to."""
    onward = _asked(request, REDIRECT_FIELD_NAME)
    return f"{url}?{urlencode({PLACE: onward})}" if onward else url


def onward_page(request: HttpRequest) -> str:
    """Where to go once the address is confirmed: by way of signing in, for whoever is not; "" if unknown."""
    onward = _asked(request, PLACE)
    if not onward or request.user.is_authenticated:
        return onward
    return f"{reverse('account_login')}?{urlencode({REDIRECT_FIELD_NAME: onward})}"


def _asked(request: HttpRequest, name: str) -> str:
    """A page of this site alone: anybody can write such a link."""
    given = request.POST.get(name) or request.GET.get(name) or ""
    is_ours = given.startswith("/") and url_has_allowed_host_and_scheme(given, allowed_hosts=None)
    return given if is_ours and len(given) <= _LONGEST else ""
