"""Choosing the language of the pages; the choice is kept in a cookie for a year, and with the account."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from fixpoint.accounts.language import language_choose


@never_cache
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """A button a language; each leads back to the page that one came from, if that is one of ours."""
    back = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return render(request, "pages/language.html", {"back": back if is_ours else "/"})


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """By Django's own, which knows which languages there are; whoever is signed in has it on other devices too."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        language_choose(user=request.user, language=language)
        with translation.override(language):
            messages.success(request, _("Saved."))
    return set_language(request)
