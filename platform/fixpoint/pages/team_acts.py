"""What members do on their team's page; for nobody else is anything there."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fixpoint.accounts.models import User
from fixpoint.accounts.requests import SignedInRequest
from fixpoint.pages.team_page import team_or_404
from fixpoint.submissions.teaming import member_remove, team_leave
from fixpoint.teams.models import Team
from fixpoint.teams.rules import TeamRefusedError
from fixpoint.teams.selectors import is_in_team
from fixpoint.teams.services import captain_hand_over, invitation_renew, team_rename


@login_required
@require_POST
def rename(request: SignedInRequest, team_id: UUID) -> HttpResponse:
    """Another name."""
    name = request.POST.get("name", "")
    return _done(request, team_id, lambda team: team_rename(team=team, who=request.user, name=name))


@login_required
@require_POST
def renew(request: SignedInRequest, team_id: UUID) -> HttpResponse:
    """Another link."""
    return _done(request, team_id, lambda team: invitation_renew(team=team, who=request.user))


@login_required
@require_POST
def hand_over(request: SignedInRequest, team_id: UUID) -> HttpResponse:
    """Another captain."""
    return _done(
        request, team_id, lambda team: captain_hand_over(team=team, who=request.user, to=_member(request, team))
    )


@login_required
@require_POST
def remove(request: SignedInRequest, team_id: UUID) -> HttpResponse:
    """A member less."""
    return _done(
        request, team_id, lambda team: member_remove(team=team, who=request.user, member=_member(request, team))
    )


@login_required
@require_POST
def leave(request: SignedInRequest, team_id: UUID) -> HttpResponse:
    """Out of it; to the task, for the team may be gone."""
    team = _own_or_404(request, team_id)
    try:
        team_leave(team=team, who=request.user)
    except TeamRefusedError as error:
        messages.error(request, str(error))
        return redirect("team", team.pk)
    messages.success(request, _("You have left the team."))
    return redirect("own_team", team.task.slug)


def _done(request: SignedInRequest, team_id: UUID, act: Callable[[Team], object]) -> HttpResponse:
    team = _own_or_404(request, team_id)
    try:
        act(team)
    except TeamRefusedError as error:
        messages.error(request, str(error))
    return redirect("team", team.pk)


def _own_or_404(request: SignedInRequest, team_id: UUID) -> Team:
    team = team_or_404(request, team_id)
    if not is_in_team(request.user, team.pk):
        raise Http404
    return team


def _member(request: SignedInRequest, team: Team) -> User:
    name = request.POST.get("member", "")
    member = User.objects.filter(memberships__team=team, username=name).first()
    if member is None:
        raise TeamRefusedError(_("This person is not in the team."))
    return member
