"""The teams of a task, and giving one of them extra entries."""

from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.organizing.asking import task_run_or_404
from fixpoint.organizing.extra_entries import MOST, team_extra_entries
from fixpoint.organizing.paging import page_of, query_without
from fixpoint.organizing.refusals import ActRefusedError
from fixpoint.organizing.teams_table import team_lines, teams_of
from fixpoint.spreadsheets import csv_response
from fixpoint.tasks.models import Task
from fixpoint.teams.models import Team

PAGE = 50
COLUMNS = (
    "team", "team_id", "members", "entries", "scored", "used", "used_24_hours", "quota", "extra", "left", "kwh",
    "unmeasured_phases", "grams",
)  # fmt: skip


@dataclass(frozen=True)
class Refused:
    """What was asked for a team, and why it cannot be."""

    team_id: UUID
    extra: str
    why: str
    says: str


@login_required
@never_cache
@require_safe
def teams(request: SignedInRequest, slug: str) -> HttpResponse:
    """With members, entries, quota and energy."""
    return _page(request, task_run_or_404(request, slug))


@login_required
@never_cache
@require_safe
def listing(request: SignedInRequest, slug: str) -> HttpResponse:
    """All of them."""
    task = task_run_or_404(request, slug)
    rows = (
        [
            each.team.name, each.team.pk, " ".join(each.members), each.entries, each.scored, each.used, each.used_today,
            each.total, each.team.extra_entries, each.left, each.kwh, each.unmeasured, each.grams,
        ]
        for each in team_lines(task, teams_of(task))
    )  # fmt: skip
    return csv_response(f"{task.slug}-teams.csv", COLUMNS, rows)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def extra(request: SignedInRequest, slug: str, team_id: UUID) -> HttpResponse:
    """So many from now on; whoever only looks is led to the table, where the form stands."""
    task = task_run_or_404(request, slug)
    team = get_object_or_404(Team, task=task, pk=team_id)
    query = request.GET.urlencode()
    table = reverse("organize_teams", args=[task.slug]) + (f"?{query}" if query else "")
    if request.method != "POST":
        return redirect(table)
    asked, why = request.POST.get("extra", ""), request.POST.get("why", "")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 8 else -1
    try:
        team_extra_entries(team=team, extra=number, why=why, who=request.user)
    except ActRefusedError as refusal:
        messages.error(request, str(refusal))
        return _page(request, task, Refused(team.pk, asked, why, str(refusal)))
    messages.success(request, _("Done; its members are told."))
    return redirect(table)


def _page(request: SignedInRequest, task: Task, refused: Refused | None = None) -> HttpResponse:
    """With what was typed, beside why it was refused."""
    search = request.GET.get("q", "").strip()[:100]
    page = page_of(teams_of(task, search), request.GET, PAGE)
    context = {
        "task": task,
        "tab": "teams",
        "search": search,
        "page": page,
        "lines": team_lines(task, page.object_list),
        "query": query_without(request.GET, "page"),
        "asked": request.GET.urlencode(),
        "most": MOST,
        "refused": refused,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return render(request, "organizing/teams.html", context, status=status)
