"""Notices as a list, and what is done with them; the way out of mails."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fixpoint.accounts.models import Notice
from fixpoint.accounts.notices import mails_choose, notices_read
from fixpoint.accounts.requests import SignedInRequest
from fixpoint.accounts.unsubscribing import NotSignedError, unsubscriber

_SHOWN = 200
"""They are deleted after 90 days; whoever has more sees the newest."""


@login_required
@never_cache
@require_safe
def notices(request: SignedInRequest) -> HttpResponse:
    """The newest first."""
    found = list(Notice.objects.filter(user=request.user)[:_SHOWN])
    return render(request, "accounts/notices.html", {"notices": found})


@login_required
@require_POST
def read(request: SignedInRequest) -> HttpResponse:
    """Mark one as read, or all; what is nobody's or somebody else's changes nothing."""
    asked = request.POST.get("notice", "")
    if asked and not (asked.isascii() and asked.isdecimal() and len(asked) < 19):
        raise Http404
    notices_read(user=request.user, notice_id=int(asked) if asked else None)
    return redirect("notices")


# One click in a mail program sends no cookie and no token; the address itself is signed.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """A look changes nothing, as mail programs look at links by themselves."""
    try:
        user = unsubscriber(token)
    except NotSignedError as error:
        raise Http404 from error
    if request.method == "POST":
        mails_choose(user=user, runs=False)
        messages.success(request, _("No more mails when a dataset is read or a run ends. You find it under Notices."))
        return redirect("home")
    return render(request, "accounts/unsubscribe.html")
