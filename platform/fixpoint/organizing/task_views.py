"""What is done to a task as a whole: pausing it, letting it go on, closing it, moving its dates."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.organizing.asking import task_run_or_404
from fixpoint.organizing.dates import task_move_dates
from fixpoint.organizing.forms import CloseForm, DatesForm
from fixpoint.organizing.pausing import task_end, task_pause, task_resume
from fixpoint.organizing.refusals import ActRefusedError


@login_required
@require_POST
def pause(request: SignedInRequest, slug: str) -> HttpResponse:
    """It takes no entries until it goes on."""
    task = task_run_or_404(request, slug)
    try:
        task_pause(task=task, why=request.POST.get("why", ""), who=request.user)
    except ActRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Paused: it takes no entries until you let it go on."))
    return redirect("organize_task", task.slug)


@login_required
@require_POST
def resume(request: SignedInRequest, slug: str) -> HttpResponse:
    """It takes entries again."""
    task = task_run_or_404(request, slug)
    try:
        task_resume(task=task, why=request.POST.get("why", ""), who=request.user)
    except ActRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It goes on."))
    return redirect("organize_task", task.slug)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: SignedInRequest, slug: str) -> HttpResponse:
    """Asks once more what closing means, then does it."""
    task = task_run_or_404(request, slug)
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            has_closed = task_end(task=task, why=form.cleaned_data["why"], who=request.user)
        except ActRefusedError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("It is closed.") if has_closed else _("It was over before."))
        return redirect("organize_task", task.slug)
    return render(request, "organizing/close.html", {"task": task, "tab": "task", "form": form})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dates(request: SignedInRequest, slug: str) -> HttpResponse:
    """Later or earlier; everybody who entered is told."""
    task = task_run_or_404(request, slug)
    form = DatesForm(request.POST or None, task=task)
    if request.method == "POST" and form.is_valid():
        try:
            task_move_dates(task=task, who=request.user, **form.cleaned_data)
        except ActRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The dates have moved; everybody who entered is told."))
            return redirect("organize_task", task.slug)
    return render(request, "organizing/dates.html", {"task": task, "tab": "dates", "form": form})
