"""What every page knows."""

from django.conf import settings
from django.http import HttpRequest


def site(_request: HttpRequest) -> dict[str, str]:
    """The notice that an installation must show everywhere, if any; its address, for links that are read elsewhere."""
    return {"sandbox_notice": settings.SANDBOX_NOTICE, "site_url": settings.SITE_URL.rstrip("/")}
