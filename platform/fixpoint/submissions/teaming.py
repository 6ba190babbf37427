"""Into a team by its invitation, and out of it again: what the entries of both sides allow."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fixpoint.accounts.models import User
from fixpoint.submissions.merging import team_merge, why_unmergeable
from fixpoint.submissions.models import Submission
from fixpoint.tasks.holding import task_held
from fixpoint.teams.models import Member, Team
from fixpoint.teams.noting import team_note
from fixpoint.teams.rules import TeamRefusedError, check_captain, check_settled, why_settled, why_too_large
from fixpoint.teams.selectors import is_in_team, team_invited_to, team_of

_VOID = gettext_noop("This invitation is not valid any more: ask the team for its new link.")


@dataclass(frozen=True)
class JoinTerms:
    """What opening a team's link would mean: `own` is the team that would be merged into it, None for a mere joining.

    `problem` says why it cannot be; "" where it can.
    """

    team: Team
    own: Team | None
    problem: str


def join_terms(user: User, team: Team) -> JoinTerms:
    """For this person, now."""
    own = team_of(user, team.task)
    return JoinTerms(team, own, _why_not(user, team, own))


@transaction.atomic
def team_join(*, user: User, invitation: str) -> Team:
    """Into the team of this invitation; with all of one's own team, if one has one. TeamRefusedError says why not."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    found = team_invited_to(invitation)
    if found is None:
        raise TeamRefusedError(_(_VOID))
    task = task_held(found.task_id)
    team = team_invited_to(invitation)  # of now: it may have been merged, or its link renewed
    if team is None:
        raise TeamRefusedError(_(_VOID))
    team.task = task
    own = team_of(user, task)
    if own and own.pk == team.pk:
        return team
    if why := _why_not(user, team, own):
        raise TeamRefusedError(why)
    if own:
        team_merge(team=own, into=team, who=user)
    else:
        Member.objects.create(team=team, task=task, user=user)
        team_note(team=team, who=user, what=f"{user} joined the team.")
    return team


@transaction.atomic
def team_leave(*, team: Team, who: User) -> None:
    """Out of it, as long as it has entered nothing; the last one takes the team along. TeamRefusedError."""
    team = _unentered(team)
    if not is_in_team(who, team.pk):
        raise TeamRefusedError(_("You are not in this team."))
    others = team.members.exclude(user=who)
    if team.captain_id == who.pk and others.exists():
        raise TeamRefusedError(_("You are the captain: hand that over first, then leave."))
    team.members.filter(user=who).delete()
    if others.exists():
        team_note(team=team, who=who, what=f"{who} left the team.")
    else:
        _delete(team)


@transaction.atomic
def member_remove(*, team: Team, who: User, member: User) -> None:
    """By its captain, as long as it has entered nothing. TeamRefusedError."""
    team = _unentered(team)
    check_captain(team, who)
    if member.pk == who.pk:
        raise TeamRefusedError(_("You are the captain: hand that over first, then leave."))
    if not is_in_team(member, team.pk):
        raise TeamRefusedError(_("This person is not in the team."))
    team_note(team=team, who=who, what=f"{who} removed {member} from the team.")  # who is told so, too
    team.members.filter(user=member).delete()


def has_entered(team: Team) -> bool:
    """Whether anything was ever entered for it."""
    return Submission.objects.filter(team=team).exists()


def _why_not(user: User, team: Team, own: Team | None) -> str:
    if why := why_settled(team.task):
        return why
    if own is not None:
        return why_unmergeable(own, team, user)
    return why_too_large(team.task, team.members.count() + 1)


def _delete(team: Team) -> None:
    """With the rows of those that were merged into it: nothing was entered for them either."""
    for each in team.merged.all():
        _delete(each)
    team.delete()


def _unentered(team: Team) -> Team:
    """As it is now, with its task's row held."""
    task = task_held(team.task_id)
    team = Team.objects.select_related("captain").get(pk=team.pk)
    team.task = task
    check_settled(task)
    if has_entered(team):
        raise TeamRefusedError(
            _("This team has entered something: from then on nobody leaves it, or quotas could be taken twice.")
        )
    return team
