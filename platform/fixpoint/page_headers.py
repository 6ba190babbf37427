"""What every answer tells the browser it may do with a page: load from this site alone, run nothing inline."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
    "base-uri": "'none'",
}
_REFUSED = ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "microphone", "payment", "usb")
PERMISSIONS = ", ".join(["clipboard-write=(self)", *(f"{name}=()" for name in _REFUSED)])


def content_policy() -> str:
    """The same for every page. A form may lead on to the identity provider, where there is one."""
    policy = _POLICY | {"form-action": " ".join(["'self'", *settings.FORM_TARGETS])}
    return "; ".join(f"{name} {value}" for name, value in policy.items())


class PageHeadersMiddleware(MiddlewareMixin):
    """Pages of Django's admin, of allauth and of errors too."""

    def process_response(self, _request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """An answer that has said something stricter of itself keeps it."""
        response.headers.setdefault("Content-Security-Policy", content_policy())
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response
