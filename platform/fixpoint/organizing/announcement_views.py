"""Announcing something, and taking it back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.organizing.announcing import announcement_publish, announcement_withdraw
from fixpoint.organizing.asking import task_run_or_404
from fixpoint.organizing.entrants import entrants_of
from fixpoint.organizing.forms import AnnouncementForm
from fixpoint.organizing.models import Announcement
from fixpoint.organizing.refusals import ActRefusedError


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def announcements(request: SignedInRequest, slug: str) -> HttpResponse:
    """All of them, and the form for the next."""
    task = task_run_or_404(request, slug)
    form = AnnouncementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            announcement_publish(task=task, who=request.user, **form.cleaned_data)
        except ActRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It stands on the task's page; everybody who entered is told."))
            return redirect("organize_announcements", task.slug)
    context = {
        "task": task,
        "tab": "announcements",
        "form": form,
        "announcements": Announcement.objects.filter(task=task).select_related("author"),
        "entrants": entrants_of(task).count(),
    }
    return render(request, "organizing/announcements.html", context)


@login_required
@require_POST
def withdraw(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Off the task's page."""
    task = task_run_or_404(request, slug)
    announcement = get_object_or_404(Announcement.objects.select_related("task"), task=task, pk=number)
    try:
        announcement_withdraw(announcement=announcement, why=request.POST.get("why", ""), who=request.user)
    except ActRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It stands on the task's page no longer."))
    return redirect("organize_announcements", task.slug)
