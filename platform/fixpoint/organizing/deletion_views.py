"""Deleting a dataset after being asked once more, restoring it, and the list of what can be restored."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.datasets.models import Dataset
from fixpoint.datasets.selectors import dataset_even_deleted, datasets_deleted
from fixpoint.datasets.storage import StorageFullError
from fixpoint.organizing.dataset_acts import dataset_give_back, dataset_take
from fixpoint.submissions.deletion import DatasetNeededError, NotRestorableError, why_needed


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: SignedInRequest, dataset_id: UUID) -> HttpResponse:
    """Asks once more, or says why not; of a deleted one, what becomes of it."""
    dataset = _dataset_or_404(request, dataset_id)
    if request.method == "POST":
        try:
            dataset_take(dataset=dataset, who=request.user)
        except DatasetNeededError as error:
            messages.error(request, str(error))
        return redirect("dataset_delete", dataset.pk)
    context = {
        "dataset": dataset,
        "task": dataset.task,
        "is_owner": dataset.owner_id == request.user.pk,
        "why_needed": why_needed(dataset),
        "entries": dataset.submissions.count(),
        "kept_days": settings.KEEP_DELETED_DAYS,
    }
    return render(request, "submissions/delete_dataset.html", context)


@login_required
@require_POST
def restore(request: SignedInRequest, dataset_id: UUID) -> HttpResponse:
    """Back into every list."""
    dataset = _dataset_or_404(request, dataset_id)
    try:
        dataset_give_back(dataset=dataset, who=request.user)
    except (NotRestorableError, StorageFullError) as error:
        messages.error(request, str(error))
        return redirect("dataset_delete", dataset.pk)
    messages.success(request, _("Restored."))
    return redirect("dataset", dataset.pk)


@login_required
@never_cache
@require_safe
def deleted(request: SignedInRequest) -> HttpResponse:
    """One's own, the last one deleted first."""
    return render(request, "submissions/deleted_datasets.html", {"datasets": datasets_deleted(request.user)})


def _dataset_or_404(request: SignedInRequest, dataset_id: UUID) -> Dataset:
    try:
        return dataset_even_deleted(request.user, dataset_id)
    except Dataset.DoesNotExist as error:
        raise Http404 from error
