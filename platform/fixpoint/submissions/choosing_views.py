"""The buttons under a scored entry of one's own: choose it, withdraw it, and both back."""

from collections.abc import Callable
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.submissions.asking import insiders_entry_or_404
from fixpoint.submissions.choosing import (
    DecisionRefusedError,
    submission_choose,
    submission_restore,
    submission_unchoose,
    submission_withdraw,
)


@login_required
@require_POST
def choose(request: SignedInRequest, entry_id: UUID) -> HttpResponse:
    """It shall stand on the board."""
    return _decided(request, entry_id, submission_choose)


@login_required
@require_POST
def unchoose(request: SignedInRequest, entry_id: UUID) -> HttpResponse:
    """It need not."""
    return _decided(request, entry_id, submission_unchoose)


@login_required
@require_POST
def withdraw(request: SignedInRequest, entry_id: UUID) -> HttpResponse:
    """It shall stand on no board."""
    return _decided(request, entry_id, submission_withdraw)


@login_required
@require_POST
def restore(request: SignedInRequest, entry_id: UUID) -> HttpResponse:
    """It may again."""
    return _decided(request, entry_id, submission_restore)


def _decided(request: SignedInRequest, entry_id: UUID, decide: Callable[..., bool]) -> HttpResponse:
    """Back to the entry; with the reason if it cannot be so. Not there for whoever it is no business of."""
    entry = insiders_entry_or_404(request, entry_id)
    try:
        decide(submission=entry, who=request.user)
    except DecisionRefusedError as refused:
        messages.error(request, str(refused))
    if request.POST.get("back") == "me":  # where the button stood
        return redirect(f"{reverse('me')}?{urlencode({'task': entry.task.slug})}#counting")
    return redirect("entry", entry.pk)
