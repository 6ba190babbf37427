"""A task day by day, as charts with their tables and as CSV."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.organizing.analytics import COLUMNS, days_of, line_of
from fixpoint.organizing.asking import task_run_or_404
from fixpoint.spreadsheets import csv_response


@login_required
@never_cache
@require_safe
def analytics(request: SignedInRequest, slug: str) -> HttpResponse:
    """One chart a figure, and one table of all of them."""
    task = task_run_or_404(request, slug)
    charts = [
        ("entries", _("Entries a day")),
        ("participants", _("New participants a day")),
        ("teams", _("New teams a day")),
        ("waiting", _("Waiting or running at the day's end")),
        ("watt_hours", _("Energy a day, Wh")),
        ("grams", _("Grams of CO₂ a day")),
    ]
    context = {"task": task, "tab": "analytics", "days": days_of(task), "charts": charts}
    return render(request, "organizing/analytics.html", context)


@login_required
@never_cache
@require_safe
def listing(request: SignedInRequest, slug: str) -> HttpResponse:
    """One line a day."""
    task = task_run_or_404(request, slug)
    return csv_response(f"{task.slug}-analytics.csv", COLUMNS, (line_of(each) for each in days_of(task)))
