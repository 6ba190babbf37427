"""The page on which a task is taken out of sight, and the way back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.organizing.archiving import task_archive, task_restore
from fixpoint.organizing.asking import task_run_or_404
from fixpoint.organizing.forms import ReasonForm
from fixpoint.organizing.numbers import numbers_of
from fixpoint.organizing.refusals import ActRefusedError


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def archive(request: SignedInRequest, slug: str) -> HttpResponse:
    """Says what archiving means, then does it; of an archived task, how it comes back."""
    task = task_run_or_404(request, slug)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            task_archive(task=task, why=form.cleaned_data["why"], who=request.user)
        except ActRefusedError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Archived: only who runs it sees it now. You can put it back at any time."))
        return redirect("organize_task", task.slug)
    context = {"task": task, "tab": "task", "form": form, "numbers": numbers_of(task)}
    return render(request, "organizing/archive.html", context)


@login_required
@require_POST
def restore(request: SignedInRequest, slug: str) -> HttpResponse:
    """Back in sight."""
    task = task_run_or_404(request, slug)
    form = ReasonForm(request.POST)
    form.fields["why"].required = False
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["why"])))
        return redirect("organize_archive", task.slug)
    try:
        task_restore(task=task, why=form.cleaned_data["why"], who=request.user)
    except ActRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is back: everybody who saw it before sees it again."))
    return redirect("organize_task", task.slug)
