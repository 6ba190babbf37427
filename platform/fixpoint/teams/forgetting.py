"""What teams tell of a person whose account is erased."""

import re
import unicodedata

from django.db import transaction
from django.db.models import Q

from fixpoint.accounts.models import User
from fixpoint.tasks.holding import task_held
from fixpoint.tasks.selectors import seeing
from fixpoint.teams.models import LONGEST_NAME, Team, TeamEvent
from fixpoint.teams.noting import team_note

_OF_NAMES = r"[\w.@+-]"
"""What a username is made of: "al" is not told in "alice"."""
_NUMBERED = re.compile(r"(.+)( \(\d+\))")
"""A person's name as a team bears it, with a number where another team was called so (services.py)."""


def team_names_forget(*, user: User, before: str, after: str) -> None:
    """A team that bears the person's name bears the neutral one; what was written down of teams tells that one too.

    In whatever capitals. Whoever shows boards reads them again. A name that the team chose for itself stays.
    """
    theirs = Team.objects.filter(Q(members__user=user) | Q(captain=user) | Q(events__who=before)).distinct()
    told = re.compile(rf"(?<!{_OF_NAMES}){re.escape(before)}(?!{_OF_NAMES})", re.IGNORECASE)
    for team in theirs:
        if (number := _number(team.name, before)) is not None:
            Team.objects.filter(pk=team.pk).update(name=f"{after}{number}")
        events = list(TeamEvent.objects.filter(team=team))
        for event in events:
            event.what = told.sub(after, event.what)
        TeamEvent.objects.bulk_update(events, ["what"])
    TeamEvent.objects.filter(who=before).update(who=after)


def captaincies_give_up(*, user: User) -> None:
    """To whoever is in the team for the longest time, has an account and may look at the task; if nobody, it stays."""
    for led in Team.objects.filter(captain=user, merged_into=None):
        _captaincy_give_up(led, user)


@transaction.atomic
def _captaincy_give_up(led: Team, user: User) -> None:
    task = task_held(led.task_id)  # nobody leaves or merges now
    team = Team.objects.filter(pk=led.pk, captain=user, merged_into=None).first()
    if team is None:
        return
    here = seeing(User.objects.filter(is_active=True, closed_at=None), task).exclude(pk=user.pk)
    heir = team.members.filter(user__in=here.values("pk")).select_related("user").first()
    if heir is not None:
        team.captain = heir.user
        team.save(update_fields=["captain"])
        team_note(team=team, who=user, what=f"{heir.user} is the captain now: {user} has deleted their account.")


def _number(name: str, before: str) -> str | None:
    """What stands after the person's name where a team is called so, a long one cut; None where it is not."""
    if _folded(name) == _folded(before):
        return ""
    found = _NUMBERED.fullmatch(name)
    stem, number = found.groups() if found else (name, "")
    is_cut = len(name) == LONGEST_NAME and before.startswith(stem)
    return number if is_cut or _folded(stem) == _folded(before) else None


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
