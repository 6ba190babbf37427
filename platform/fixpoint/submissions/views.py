"""Entering a dataset, following an entry, entering it again."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.datasets.models import Dataset
from fixpoint.datasets.selectors import dataset_for
from fixpoint.submissions.again import submission_repeat
from fixpoint.submissions.asking import insiders_entry_or_404
from fixpoint.submissions.events.asking import admitted
from fixpoint.submissions.events.places import RETRY_SECONDS
from fixpoint.submissions.services import EntryRefusedError, submission_enter


@login_required
@require_POST
def enter(request: SignedInRequest, dataset_id: UUID) -> HttpResponse:
    """Enter a dataset; back to it with the reason if that cannot be."""
    try:
        dataset = dataset_for(request.user, dataset_id)
        entry = submission_enter(owner=request.user, dataset=dataset)
    except Dataset.DoesNotExist as error:
        raise Http404 from error
    except EntryRefusedError as error:
        messages.error(request, str(error))
        return redirect("dataset", dataset_id)
    return redirect("entry", entry.pk)


@require_safe
def events(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Where nothing answers beside Django, as on its own test server, there is no stream: the page asks by itself."""
    found = admitted(request.user, entry_id, request.path, request.GET.get("after", ""))
    if isinstance(found, HttpResponse):
        return found
    headers = {"Retry-After": str(RETRY_SECONDS), "Cache-Control": "private, no-store"}
    return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE, headers=headers)


@login_required
@require_POST
def again(request: SignedInRequest, entry_id: UUID) -> HttpResponse:
    """Enter the same dataset once more, by its owner; back with the reason if that cannot be."""
    entry = insiders_entry_or_404(request, entry_id)
    try:
        entered = submission_repeat(submission=entry, who=request.user)
    except EntryRefusedError as error:
        messages.error(request, str(error))
        return redirect("entry", entry.pk)
    return redirect("entry", entered.pk)
