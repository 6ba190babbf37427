"""One's own page: what have I tried?"""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.datasets.selectors import datasets_deleted
from fixpoint.datasets.storage import room_of
from fixpoint.pages.logbook import logbook
from fixpoint.pages.my_energy import energy_by_task
from fixpoint.submissions.selectors import entries_holding


@login_required
@never_cache
@require_safe
def me(request: SignedInRequest) -> HttpResponse:
    """Entries as a logbook, what all runs took, and the datasets with what they take."""
    datasets = list(request.user.datasets.filter(deleted_at=None).select_related("task"))
    held = set(entries_holding(each.pk for each in datasets).values_list("dataset", flat=True))
    lines = logbook(request.user)
    context = {
        "lines": lines,
        "energies": energy_by_task(request.user, lines),
        "datasets": [(each, each.is_final and each.pk not in held) for each in datasets],
        "room": room_of(request.user),
        "deleted": datasets_deleted(request.user).count(),
    }
    return render(request, "pages/me.html", context)
