"""Where the installation asks organizers for a second factor: they set one up before they go on."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _

from fixpoint.accounts.models import User

_OPEN = ("/accounts/", "/healthz", "/me/account/")


def has_second_factor(user: User) -> bool:
    """Recovery codes alone are none."""
    found: bool = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
    return found


def second_factor_since(user: User) -> datetime | None:
    """When it was set up; None without one."""
    found = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).order_by("created_at").first()
    return found.created_at if found else None


def must_have_second_factor(user: User) -> bool:
    """Organizers and superusers, where FIXPOINT_REQUIRE_MFA_FOR_ORGANIZERS says so."""
    return bool(settings.REQUIRE_MFA_FOR_ORGANIZERS and user.is_organizer)


def lacks_second_factor(user: User) -> bool:
    """Whether this person has to set one up before they go on."""
    return must_have_second_factor(user) and not has_second_factor(user)


class SecondFactorMiddleware(MiddlewareMixin):
    """Everything but the pages of one's own account waits for it."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        """None lets it through."""
        if not settings.REQUIRE_MFA_FOR_ORGANIZERS or request.path.startswith(_OPEN):
            return None
        user = request.user
        if not isinstance(user, User) or not lacks_second_factor(user):
            return None
        messages.warning(request, _("Organizers need a second factor on this site. Set one up, then go on."))
        return redirect("mfa_index")
