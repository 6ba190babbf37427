"""One's own account: what it is, what is mailed, and its end."""

from allauth.core.ratelimit import consume
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fixpoint.accounts.closing import LastRootError, account_close
from fixpoint.accounts.forms import DeletionForm
from fixpoint.accounts.notices import mails_choose
from fixpoint.accounts.pace_page import too_fast
from fixpoint.accounts.requests import SignedInRequest
from fixpoint.accounts.second_factor import has_second_factor, must_have_second_factor


@login_required
@never_cache
@require_safe
def account(request: SignedInRequest) -> HttpResponse:
    """All that one can see and change of oneself, with a link to each page that changes it."""
    codes = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.RECOVERY_CODES).first()
    context = {
        "has_factor": has_second_factor(request.user),
        "needs_factor": must_have_second_factor(request.user),
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "identities": SocialAccount.objects.filter(user=request.user).count(),
        "provider": settings.OIDC_NAME if settings.OIDC_SERVER_URL else "",
        "has_mail": bool(settings.EMAIL_HOST),
    }
    return render(request, "accounts/account.html", context)


@login_required
@require_POST
def mails(request: SignedInRequest) -> HttpResponse:
    """What is mailed from now on."""
    mails_choose(user=request.user, runs="runs" in request.POST)
    messages.success(request, _("Saved."))
    return redirect("account")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: SignedInRequest) -> HttpResponse:
    """Says what goes and what stays; with the password it begins."""
    form = DeletionForm(request.POST or None, user=request.user)
    if request.method == "POST" and not consume(request, action="reauthenticate", user=request.user):
        return too_fast(request)
    if request.method == "POST" and form.is_valid():
        try:
            account_close(user=request.user)
        except LastRootError as error:
            form.add_error(None, str(error))
        else:
            logout(request)
            said = ngettext(
                "Your account is closed. Sign in within %(days)s day if you want it back.",
                "Your account is closed. Sign in within %(days)s days if you want it back.",
                settings.KEEP_ACCOUNT_DAYS,
            )
            messages.success(request, said % {"days": settings.KEEP_ACCOUNT_DAYS})
            return redirect("home")
    return render(request, "accounts/delete.html", {"form": form, "days": settings.KEEP_ACCOUNT_DAYS})
