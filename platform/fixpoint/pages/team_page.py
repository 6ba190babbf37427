"""The pages of teams: one's own of a task, a team's own page, and what its link invites to."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from fixpoint.accounts.requests import SignedInRequest
from fixpoint.pages.shared import shared
from fixpoint.pages.team_facts import team_facts
from fixpoint.submissions.teaming import join_terms, team_join
from fixpoint.tasks.models import Task
from fixpoint.tasks.selectors import task_for, tasks_for
from fixpoint.teams.models import Team
from fixpoint.teams.rules import TeamRefusedError, why_settled
from fixpoint.teams.selectors import is_in_team, team_invited_to, team_of
from fixpoint.teams.services import team_create


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_team(request: SignedInRequest, slug: str) -> HttpResponse:
    """To one's team in this task; without one, how to make one."""
    try:
        task = task_for(request.user, slug)
    except Task.DoesNotExist as error:
        raise Http404 from error
    if request.method == "POST":
        try:
            return redirect("team", team_create(user=request.user, task=task, name=request.POST.get("name", "")).pk)
        except TeamRefusedError as error:
            messages.error(request, str(error))
            return redirect("own_team", task.slug)
    if found := team_of(request.user, task):
        return redirect("team", found.pk)
    return render(request, "teams/make.html", {"task": task, "settled": why_settled(task)})


@require_safe
def team(request: HttpRequest, team_id: UUID) -> HttpResponseBase:
    """For everybody who may look at its task; one that was merged leads to the other one."""
    shown = team_or_404(request, team_id)
    if shown.merged_into_id:
        return redirect("team", shown.merged_into_id)
    context = {"team": shown, "task": shown.task, "facts": team_facts(shown, request.user)}
    return shared(request, render(request, "teams/team.html", context), is_public=shown.task.is_public)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: SignedInRequest, invitation: str) -> HttpResponse:
    """Who invites, and what it would mean; taking it is a POST."""
    found = team_invited_to(invitation)
    if found is None or not tasks_for(request.user).filter(pk=found.task_id).exists():
        return render(request, "teams/void.html", status=HTTPStatus.NOT_FOUND)
    if request.method == "POST":
        try:
            joined = team_join(user=request.user, invitation=invitation)
        except TeamRefusedError as error:
            messages.error(request, str(error))
            return redirect("team_join", invitation)
        messages.success(request, _("You are in the team %(name)s.") % {"name": joined})
        return redirect("team", joined.pk)
    if is_in_team(request.user, found.pk):
        return redirect("team", found.pk)
    terms = join_terms(request.user, found)
    context = {
        "team": found,
        "task": found.task,
        "terms": terms,
        "members": found.members.select_related("user"),
        "own_facts": team_facts(terms.own, request.user) if terms.own else None,
    }
    return render(request, "teams/join.html", context)


def team_or_404(request: HttpRequest, team_id: UUID) -> Team:
    """One of a task that this reader may look at."""
    found = Team.objects.select_related("task", "captain").filter(pk=team_id).first()
    if found is None:
        raise Http404
    try:
        found.task = task_for(request.user, found.task.slug)
    except Task.DoesNotExist as error:
        raise Http404 from error
    return found
