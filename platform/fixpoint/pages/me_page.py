"""One's own page: what have I tried?"""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.datasets.selectors import datasets_deleted
from fixpoint.datasets.storage import room_of
from fixpoint.pages.counting import counting_of
from fixpoint.pages.logbook import Line, logbook, tasks_of
from fixpoint.pages.logbook_csv import HEADER, csv_rows
from fixpoint.pages.my_energy import energy_by_task
from fixpoint.spreadsheets import csv_response
from fixpoint.submissions.selectors import entries_holding
from fixpoint.tasks.models import Task
from fixpoint.teams.selectors import teams_joined

LINES = 25
"""Of a page; all of them stand in the list."""


@login_required
@never_cache
@require_safe
def me(request: SignedInRequest) -> HttpResponse:
    """Entries as a logbook, which of them count, what all runs took, and the datasets with what they take."""
    datasets = list(request.user.datasets.filter(deleted_at=None).select_related("task"))
    held = set(entries_holding(each.pk for each in datasets).values_list("dataset", flat=True))
    everything = logbook(request.user)
    tasks = tasks_of(everything)
    only, lines = _asked(request, tasks, everything)
    page = Paginator(lines, LINES).get_page(request.GET.get("page"))
    one = only or (tasks[0] if len(tasks) == 1 else None)
    context = {
        "page": page,
        "lines": page.object_list,
        "tasks": tasks,
        "only": only,
        "query": f"{urlencode({'task': only.slug})}&" if only else "",
        "counting": counting_of(request.user, one, everything) if one else None,
        "teams": teams_joined(request.user),
        "energies": energy_by_task(request.user, everything),
        "datasets": [(each, each.is_final and each.pk not in held) for each in datasets],
        "room": room_of(request.user),
        "deleted": datasets_deleted(request.user).count(),
    }
    return render(request, "pages/me.html", context)


@login_required
@never_cache
@require_safe
def listing(request: SignedInRequest) -> HttpResponse:
    """The logbook as CSV, notes too."""
    everything = logbook(request.user)
    only, lines = _asked(request, tasks_of(everything), everything)
    name = f"logbook-{only.slug}.csv" if only else "logbook.csv"
    return csv_response(name, HEADER, csv_rows(lines))


def _asked(request: SignedInRequest, tasks: list[Task], lines: list[Line]) -> tuple[Task | None, list[Line]]:
    """The task that is asked for, None for all of them, and the lines of it."""
    slug = request.GET.get("task")
    if not slug:
        return None, lines
    only = next((each for each in tasks if each.slug == slug), None)
    if only is None:
        raise Http404
    return only, [line for line in lines if line.entry.task_id == only.pk]
