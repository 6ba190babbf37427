"""How a task goes, for everybody: participants, entries and energy by day; no names, and not how entries ended."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fixpoint.leaderboard.cached import answer_of, kept_a_minute
from fixpoint.organizing.analytics import DAYS, PUBLIC_COLUMNS, days_of, line_of, sum_of
from fixpoint.pages.shared import shared
from fixpoint.spreadsheets import csv_response
from fixpoint.tasks.models import Task
from fixpoint.tasks.selectors import tasks_for


@require_safe
def statistics(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One chart a figure, and one table of all of them; made once a minute, whoever asks."""
    task = get_object_or_404(tasks_for(request.user), slug=slug)
    told = kept_a_minute(task, _named(task, "page", get_language()), lambda: _told(task).encode())
    body = mark_safe(told.body.decode())  # noqa: S308 a template of ours rendered it
    page = render(request, "tasks/statistics.html", {"task": task, "told": body})
    return shared(request, page, is_public=task.is_public)


@require_safe
def listing(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One line a day; of the same minute."""
    task = get_object_or_404(tasks_for(request.user), slug=slug)
    file = csv_response(f"{task.slug}-statistics.csv", (), ())

    def made() -> bytes:
        lines = (line_of(each, PUBLIC_COLUMNS) for each in days_of(task))
        return csv_response("", PUBLIC_COLUMNS, lines).content

    found = kept_a_minute(task, _named(task, "csv"), made)
    answer = answer_of(request, task, found, content_type=file.headers["Content-Type"])
    for name in ("Content-Disposition", "X-Content-Type-Options"):
        answer.headers[name] = file.headers[name]
    return answer


def _named(task: Task, *what: str | None) -> tuple[object, ...]:
    return ("statistics", *what, task.title, task.time_zone, task.grid_g_per_kwh, task.pue)


def _told(task: Task) -> str:
    days = days_of(task)
    charts = [
        ("entries", _("Entries a day")),
        ("participants", _("New participants a day")),
        ("watt_hours", _("Energy a day, Wh")),
        ("grams", _("Grams of CO₂ a day")),
    ]
    context = {
        "task": task,
        "days": days,
        "charts": charts,
        "total": sum_of(days) if days else None,
        "is_cut": len(days) > DAYS,
    }
    return render_to_string("tasks/statistics_body.html", context)
