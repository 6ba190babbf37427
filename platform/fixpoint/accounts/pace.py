"""How much of a kind one person may ask in a while, counted for all web processes together."""

from __future__ import annotations

from math import ceil
from time import time

from allauth.account.adapter import get_adapter
from allauth.core.internal.ratelimit import truncate_ip
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import ngettext


class TooFastError(Exception):
    """More than is taken; `again_in` seconds it is taken again."""

    def __init__(self, again_in: int) -> None:
        says = ngettext(
            "Too many requests. Try again in %(again_in)s second.",
            "Too many requests. Try again in %(again_in)s seconds.",
            again_in,
        )
        super().__init__(says % {"again_in": again_in})
        self.again_in = again_in


def pace_expect(*, kind: str, who: str) -> None:
    """Count one more of a kind of settings.PACES; TooFastError where that is too many.

    A while begins with the first that is asked in it: one that began with the clock's hour could end between two.
    """
    most, seconds = settings.PACES[kind]
    if not most:
        return
    begun, now = f"pace:{kind}:{who}", time()
    ends = int(cache.get_or_set(begun, ceil(now + seconds), seconds) or now)
    key = f"{begun}:{ends}"
    try:
        count = cache.incr(key)
    except ValueError:  # nobody has asked in it yet
        count = 1 if cache.add(key, 1, seconds) else cache.incr(key)
    if count > most:
        # Rounded up: who comes when it was told comes late enough.
        raise TooFastError(min(seconds, max(1, ceil(ends - now))))


def asker(request: HttpRequest) -> str:
    """A person by id, else an address; of IPv6 the network, as one line has all of it."""
    if request.user.is_authenticated:
        return f"person-{request.user.pk}"
    return f"address-{truncate_ip(get_adapter(request).get_client_ip(request))}"
