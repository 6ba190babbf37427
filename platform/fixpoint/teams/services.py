"""Making teams."""

from django.db import transaction

from fixpoint.accounts.models import User
from fixpoint.tasks.models import Task
from fixpoint.teams.models import LONGEST_NAME, Member, Team
from fixpoint.teams.selectors import team_of


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


def _free_name(wanted: str, task: Task) -> str:
    """A name that no team of the task bears, in whatever capitals: that name, or with a number after it."""
    name, number = wanted[:LONGEST_NAME], 1
    while Team.objects.filter(task=task, name__iexact=name).exists():
        number += 1
        ending = f" ({number})"
        name = wanted[: LONGEST_NAME - len(ending)] + ending
    return name
