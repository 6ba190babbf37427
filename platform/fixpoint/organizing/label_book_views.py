"""Handing in another label book, where the first could not be packed and its task does not open."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.organizing.asking import task_run_or_404
from fixpoint.organizing.label_books import label_book_replace
from fixpoint.tasks.bundle_problems import BundleError
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
        label_book_replace(task=task, file=file, who=request.user)
    except BundleError as error:
        for says in error.problems:
            messages.error(request, says)
    except TaskNotReadyError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The new label book is being packed. The task opens by itself when that is done."))
    return redirect("organize_task", slug)
