"""The audit trail of a task, as a page and as CSV."""

import json

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.organizing.acts import What
from fixpoint.organizing.asking import task_run_or_404
from fixpoint.organizing.audit import COLUMNS, AuditChoice, actors_of, acts_of
from fixpoint.organizing.paging import page_of, query_without
from fixpoint.spreadsheets import csv_response

PAGE = 100


@login_required
@never_cache
@require_safe
def audit(request: SignedInRequest, slug: str) -> HttpResponse:
    """Who did what, when and why."""
    task = task_run_or_404(request, slug)
    choice = AuditChoice.of(request.GET)
    context = {
        "task": task,
        "tab": "audit",
        "choice": choice,
        "page": page_of(acts_of(task, choice), request.GET, PAGE),
        "query": query_without(request.GET, "page"),
        "words": What.choices,
        "people": actors_of(task),
    }
    return render(request, "organizing/audit.html", context)


@login_required
@never_cache
@require_safe
def listing(request: SignedInRequest, slug: str) -> HttpResponse:
    """All that the same filters leave."""
    task = task_run_or_404(request, slug)
    rows = (
        [
            each.at.isoformat(), each.who, each.what, each.subject_type, each.subject_id, each.label, each.why,
            json.dumps(each.details),
        ]
        for each in acts_of(task, AuditChoice.of(request.GET)).iterator(500)
    )  # fmt: skip
    return csv_response(f"{task.slug}-audit.csv", COLUMNS, rows)
