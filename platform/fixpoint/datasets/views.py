"""Handing in a dataset, stopping its inspection, its contact sheet and the list of reasons against it."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.blobs.downloads import blob_response
from fixpoint.datasets.daily import TooManyDatasetsError
from fixpoint.datasets.forms import UploadForm
from fixpoint.datasets.models import Dataset
from fixpoint.datasets.rules import catalogue
from fixpoint.datasets.selectors import REMARK_COLUMNS, archive_rules, dataset_for, may_manage, remark_rows
from fixpoint.datasets.services import dataset_cancel, dataset_upload
from fixpoint.datasets.storage import StorageFullError, rooms_of
from fixpoint.spreadsheets import csv_response
from fixpoint.tasks.selectors import tasks_for, tasks_open


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: SignedInRequest) -> HttpResponse:
    """The form for one task; which task is asked first unless the address says it or only one is open."""
    tasks = list(tasks_open(request.user))
    slug = request.GET.get("task", "")
    if not slug and len(tasks) != 1:
        return render(request, "datasets/which_task.html", {"tasks": tasks})
    task = get_object_or_404(tasks_for(request.user), slug=slug) if slug else tasks[0]
    if not task.takes_entries:
        return render(request, "datasets/which_task.html", {"tasks": tasks, "closed": task})
    form = UploadForm(request.POST or None, request.FILES or None, task=task)
    if form.is_valid():
        try:
            dataset = dataset_upload(owner=request.user, task=task, **form.cleaned_data)
        except (StorageFullError, TooManyDatasetsError) as error:
            form.add_error("file", str(error))
        else:
            return redirect("dataset", dataset.pk)
    rooms = rooms_of(request.user, task)
    context = {"task": task, "form": form, "rules": catalogue(archive_rules(task)), "rooms": rooms}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "datasets/upload.html", context, status=status)


@login_required
@require_POST
def cancel(request: SignedInRequest, dataset_id: UUID) -> HttpResponse:
    """Stop reading its images."""
    dataset = _dataset_or_404(request, dataset_id)
    if not may_manage(request.user, dataset):
        raise Http404
    if not dataset_cancel(dataset=dataset, who=request.user):
        messages.info(request, _("Nothing to cancel: it was over already."))
    return redirect("dataset", dataset.pk)


@login_required
@require_safe
def sheet(request: SignedInRequest, dataset_id: UUID) -> FileResponse:
    """A picture of some images of every class, drawn by us: an upload is never served as it came."""
    dataset = _dataset_or_404(request, dataset_id)
    if not dataset.sheet_sha256:
        raise Http404
    return blob_response(dataset.sheet_sha256, content_type="image/png", is_public=False, method=request.method)


@login_required
@require_safe
def reasons(request: SignedInRequest, dataset_id: UUID) -> HttpResponse:
    """Every reason and finding, to act on in a spreadsheet or a program."""
    dataset = _dataset_or_404(request, dataset_id)
    return csv_response(f"reasons-{dataset.pk}.csv", REMARK_COLUMNS, remark_rows(dataset))


def _dataset_or_404(request: SignedInRequest, dataset_id: UUID) -> Dataset:
    try:
        return dataset_for(request.user, dataset_id)
    except Dataset.DoesNotExist as error:
        raise Http404 from error
