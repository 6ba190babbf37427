"""The tasks that one runs, and the first page of one: is it running well?"""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.organizing.asking import task_run_or_404
from fixpoint.organizing.health import failures_of, health_of, refusals_of
from fixpoint.organizing.numbers import numbers_of
from fixpoint.tasks.running import tasks_run_by


@login_required
@never_cache
@require_safe
def tasks(request: SignedInRequest) -> HttpResponse:
    """Each with its line."""
    if not request.user.is_organizer:
        raise Http404
    run = tasks_run_by(request.user)
    lines = [(each, health_of(each), numbers_of(each)) for each in run.filter(archived_at=None)]
    archived = run.filter(archived_at__isnull=False).order_by("-archived_at")
    return render(request, "organizing/tasks.html", {"lines": lines, "archived": archived})


@login_required
@never_cache
@require_safe
def task(request: SignedInRequest, slug: str) -> HttpResponse:
    """Health, numbers, failures, and what can be done to the task."""
    shown = task_run_or_404(request, slug)
    context = {
        "task": shown,
        "tab": "task",
        "health": health_of(shown),
        "numbers": numbers_of(shown),
        "failures": failures_of(shown),
        "refusals": refusals_of(shown),
    }
    return render(request, "organizing/task.html", context)
