"""What every page knows."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from fixpoint.accounts.models import User
from fixpoint.accounts.notices import notices_unread
from fixpoint.organizing.banner import incidents_now


def site(request: HttpRequest) -> dict[str, object]:
    """The notice that an installation must show everywhere, if any; its address, for links that are read elsewhere.

    Incidents that go on, and how many notices the reader has not seen, are read where a page shows them.
    """
    return {
        "sandbox_notice": settings.SANDBOX_NOTICE,
        "site_url": settings.SITE_URL.rstrip("/"),
        "source_url": settings.SOURCE_URL,
        "email_verification": settings.ACCOUNT_EMAIL_VERIFICATION,
        "incidents_now": incidents_now,
        "unread_notices": SimpleLazyObject(lambda: _unread(request)),
    }


def _unread(request: HttpRequest) -> int:
    user = getattr(request, "user", None)
    return notices_unread(user).count() if isinstance(user, User) else 0
