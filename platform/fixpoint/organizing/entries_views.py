"""The table of all entries of a task, as a page and as CSV, and what is done to those that are ticked."""

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.organizing.asking import task_run_or_404
from fixpoint.organizing.entries_table import COLUMNS, SORTS, STATES, Choice, entries_of, line_of
from fixpoint.organizing.held_awards import held_tell
from fixpoint.organizing.many import ACTS, Told, acts_offered, entries_treat
from fixpoint.organizing.paging import page_of, query_without
from fixpoint.spreadsheets import csv_response
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task
from fixpoint.teams.models import Team

PAGE = 50
_AT_ONCE = 500


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def entries(request: SignedInRequest, slug: str) -> HttpResponse:
    """Filtered, sorted, in pages; a POST does one thing to the ticked ones and comes back to the same page.

    Where something was not done, what was ticked, chosen and typed for it stands there still.
    """
    task = task_run_or_404(request, slug)
    left: set[str] | None = None
    if request.method == "POST":
        left = _treat(request, task)
        if left is None:
            query = request.GET.urlencode()
            return redirect(reverse("organize_entries", args=[task.slug]) + (f"?{query}" if query else ""))
    choice = Choice.of(request.GET)
    page = page_of(entries_of(task, choice), request.GET, PAGE)
    context = {
        "task": task,
        "tab": "entries",
        "choice": choice,
        "page": page,
        "query": query_without(request.GET, "page"),
        "sorting": query_without(request.GET, "page", "sort"),
        "sorts": SORTS,
        "states": STATES,
        "teams": Team.objects.filter(task=task, merged_into=None).order_by("name"),
        "acts": acts_offered(task),
        "typed": request.POST,
        "ticked": left or set(),
    }
    status = HTTPStatus.OK if left is None else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "organizing/entries.html", context, status=status)


@login_required
@never_cache
@require_safe
def listing(request: SignedInRequest, slug: str) -> HttpResponse:
    """All that the same filters leave, in the same order."""
    task = task_run_or_404(request, slug)
    found = entries_of(task, Choice.of(request.GET)).iterator(_AT_ONCE)
    return csv_response(f"{task.slug}-entries.csv", COLUMNS, (line_of(each) for each in found))


def _treat(request: SignedInRequest, task: Task) -> set[str] | None:
    """None where all was done; else the ids of those to which it was not."""
    act, ids = request.POST.get("act", ""), _ids(request.POST.getlist("entry"))
    if act not in ACTS:
        messages.error(request, _("Choose what is to be done with the ticked entries."))
        return {str(each) for each in ids}
    found = Submission.objects.filter(task=task, pk__in=ids).select_related("task", "dataset", "owner", "team")
    ticked = list(found.order_by("created_at"))
    if not ticked:
        messages.error(request, _("Tick the entries first to which it is to be done."))
        return set()
    told = entries_treat(entries=ticked, act=act, why=request.POST.get("why", ""), who=request.user)
    _tell(request, act, told)
    return {str(each.pk) for refused in told.refused.values() for each in refused} or None


def _tell(request: SignedInRequest, act: str, told: Told) -> None:
    if told.done:
        messages.success(request, str(ACTS[act].done) % {"which": _names(told.done)})
        held_tell(request, told.done)
    for why, refused in told.refused.items():
        says = _("Not done to %(which)s: %(why)s")
        messages.error(request, says % {"which": _names(refused), "why": why})


def _names(entries: list[Submission]) -> str:
    return ", ".join(f"{each.dataset.name} ({each.team.name})" for each in entries)


def _ids(ticked: list[str]) -> list[uuid.UUID]:
    """Those that are ids at all, of one page at most."""
    found = []
    for each in ticked[:PAGE]:
        try:
            found.append(uuid.UUID(each))
        except ValueError:
            continue
    return found
