"""Entering a dataset."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.datasets.models import Dataset
from fixpoint.datasets.selectors import dataset_for
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
