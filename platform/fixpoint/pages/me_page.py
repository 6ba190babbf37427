"""One's own page: what have I tried?"""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.pages.logbook import logbook


@login_required
@never_cache
@require_safe
def me(request: SignedInRequest) -> HttpResponse:
    """Entries as a logbook, and the datasets."""
    context = {"lines": logbook(request.user), "datasets": request.user.datasets.select_related("task")}
    return render(request, "pages/me.html", context)
