"""Making a team, its name, its invitation and its captain. Joining and leaving: submissions/teaming.py."""

from django.db import transaction
from django.utils.translation import gettext as _

from fixpoint.accounts.models import User
from fixpoint.tasks.holding import task_held
from fixpoint.tasks.models import Task
from fixpoint.teams.models import LONGEST_NAME, Member, Team, draw_invitation
from fixpoint.teams.noting import team_note
from fixpoint.teams.rules import TeamRefusedError, check_captain, check_settled, name_checked
from fixpoint.teams.selectors import is_in_team, team_of, teams_named


@transaction.atomic
def team_ensure(*, user: User, task: Task) -> Team:
    """This person's team in the task, made with them alone in it where there is none.

    The caller holds the task's row, so that two requests at once make one team.
    """
    if found := team_of(user, task):
        return found
    team = Team.objects.create(task=task, name=_free_name(user.username, task), captain=user)
    Member.objects.create(team=team, task=task, user=user)
    return team


@transaction.atomic
def team_create(*, user: User, task: Task, name: str) -> Team:
    """A team of this name with this person alone in it; whoever is in one gives that one the name. TeamRefusedError."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    task = task_held(task.pk)
    if found := team_of(user, task):
        return team_rename(team=found, who=user, name=name)
    check_settled(task)
    team = Team.objects.create(task=task, name=name_checked(name, task=task, who=user), captain=user)
    Member.objects.create(team=team, task=task, user=user)
    team_note(team=team, who=user, what=f"{user} made the team.")
    return team


@transaction.atomic
def team_rename(*, team: Team, who: User, name: str) -> Team:
    """By its captain. TeamRefusedError where it cannot bear the name."""
    team = _held(team, who)
    before, team.name = team.name, name_checked(name, task=team.task, who=who, team=team)
    if team.name != before:
        team.save(update_fields=["name"])
        team_note(team=team, who=who, what=f"{who} renamed the team from {before} to {team.name}.")
    return team


@transaction.atomic
def invitation_renew(*, team: Team, who: User) -> Team:
    """Another link: the one before invites nobody any more."""
    team = _held(team, who)
    team.invitation = draw_invitation()
    team.save(update_fields=["invitation"])
    team_note(team=team, who=who, what=f"{who} renewed the invitation; the link before is void.")
    return team


@transaction.atomic
def captain_hand_over(*, team: Team, who: User, to: User) -> Team:
    """From the captain to another member."""
    team = _held(team, who)
    if not is_in_team(to, team.pk):
        raise TeamRefusedError(_("Only a member can be the captain: choose one of them."))
    if to.pk != who.pk:
        team.captain = to
        team.save(update_fields=["captain"])
        team_note(team=team, who=who, what=f"{who} made {to} the captain.")
    return team


def _held(team: Team, who: User) -> Team:
    """As it is now, with its task's row held, for its captain while teams may change."""
    task = task_held(team.task_id)
    team = Team.objects.select_related("captain").get(pk=team.pk)
    team.task = task
    check_captain(team, who)
    check_settled(task)
    return team


def _free_name(wanted: str, task: Task) -> str:
    """A name that no team of the task bears, in whatever capitals: that name, or with a number after it."""
    name, number = wanted[:LONGEST_NAME], 1
    while teams_named(name, task).exists():
        number += 1
        ending = f" ({number})"
        name = wanted[: LONGEST_NAME - len(ending)] + ending
    return name
