"""One's own tokens: what there is, making one, revoking one."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from fixpoint.accounts.models import Token
from fixpoint.accounts.requests import SignedInRequest
from fixpoint.accounts.tokens import TokenRefusedError, token_make, token_revoke

_DAYS = {30: gettext_lazy("30 days"), 90: gettext_lazy("90 days"), 365: gettext_lazy("a year")}


class TokenForm(forms.Form):
    """What for, and for how long."""

    name = forms.CharField(label=gettext_lazy("What is it for?"), max_length=80)
    days = forms.TypedChoiceField(label=gettext_lazy("Of use for"), choices=list(_DAYS.items()), coerce=int)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: SignedInRequest) -> HttpResponse:
    """All of them, and the form for the next; its text is in the answer to that form and nowhere else."""
    form, text = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _token, text = token_make(user=request.user, **form.cleaned_data)
        except TokenRefusedError as error:
            form.add_error(None, str(error))
        else:
            form = TokenForm()
    context = {
        "form": form,
        "text": text,
        "site": settings.SITE_URL.rstrip("/"),
        "tokens": Token.objects.filter(user=request.user),
        "now": timezone.now(),
    }
    return render(request, "accounts/tokens.html", context)


@login_required
@require_POST
def revoke(request: SignedInRequest, number: int) -> HttpResponse:
    """Of no use from now on."""
    token = get_object_or_404(Token, user=request.user, pk=number)
    if token_revoke(token=token):
        messages.success(request, _("Revoked: it opens nothing any more."))
    else:
        messages.info(request, _("It was revoked before."))
    return redirect("tokens")
