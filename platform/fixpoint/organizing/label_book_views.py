"""Handing in another label book, where the first could not be packed and its task does not open."""

from pathlib import Path

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.blobs.arriving import taking_folder
from fixpoint.organizing.acts import What, act_record
from fixpoint.organizing.asking import task_run_or_404
from fixpoint.tasks.bundle_problems import BundleError
from fixpoint.tasks.mending import book_replace
from fixpoint.tasks.models import Task
from fixpoint.tasks.services import TaskNotReadyError


@login_required
@require_POST
def label_book(request: SignedInRequest, slug: str) -> HttpResponse:
    """It is packed, and the task opens by itself."""
    task = task_run_or_404(request, slug)
    file = request.FILES.get("label_book")
    if not file:
        messages.error(request, _("Choose the zip of the label book first."))
        return redirect("organize_task", slug)
    try:
        _replace(request, task, file)
    except BundleError as error:
        for says in error.problems:
            messages.error(request, says)
    except TaskNotReadyError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The new label book is being packed. The task opens by itself when that is done."))
    return redirect("organize_task", slug)


def _replace(request: SignedInRequest, task: Task, file: UploadedFile) -> None:
    with taking_folder() as folder:
        path = _copied(file, folder / "archive.zip")
        with transaction.atomic():
            book_replace(task=task, path=path, who=request.user.username)
            act_record(who=request.user, task=task, what=What.SETTINGS, details={"label_book": str(file.name)})


def _copied(file: UploadedFile, path: Path) -> Path:
    with path.open("wb") as target:
        for chunk in file.chunks():
            target.write(chunk)
    return path
