"""What looks as if it had not come about as it should, as a page and as CSV."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.organizing.asking import task_run_or_404
from fixpoint.organizing.contamination.report import suspicions
from fixpoint.spreadsheets import csv_response

COLUMNS = ("kind", "why", "teams", "links")


@login_required
@never_cache
@require_safe
def contamination(request: SignedInRequest, slug: str) -> HttpResponse:
    """With `?images=1` the leading teams' images are compared too."""
    task = task_run_or_404(request, slug)
    by_images = request.GET.get("images") == "1"
    context = {
        "task": task,
        "tab": "contamination",
        "by_images": by_images,
        "suspicions": suspicions(task, by_images=by_images),
    }
    return render(request, "organizing/contamination.html", context)


@login_required
@never_cache
@require_safe
def listing(request: SignedInRequest, slug: str) -> HttpResponse:
    """The same as a file."""
    task = task_run_or_404(request, slug)
    found = suspicions(task, by_images=request.GET.get("images") == "1")
    rows = (
        [each.kind.value, each.why, ", ".join(each.teams), " ".join(path for _name, path in each.links)]
        for each in found
    )
    return csv_response(f"{task.slug}-contamination.csv", COLUMNS, rows)
