"""What teams tell of a person whose account is erased."""

import re

from django.db.models import Q

from fixpoint.accounts.models import User
from fixpoint.teams.models import Team, TeamEvent

_OF_NAMES = r"[\w.@+-]"
"""What a username is made of: "al" is not told in "alice"."""


def team_names_forget(*, user: User, before: str, after: str) -> None:
    """A team that bears the person's name bears the neutral one; what was written down of teams tells that one too.

    Whoever shows boards reads them again. A name that the team chose for itself stays.
    """
    theirs = Team.objects.filter(Q(members__user=user) | Q(captain=user) | Q(events__who=before)).distinct()
    told = re.compile(rf"(?<!{_OF_NAMES}){re.escape(before)}(?!{_OF_NAMES})")
    for team in theirs:
        if team.name == before or team.name.startswith(f"{before} ("):
            Team.objects.filter(pk=team.pk).update(name=f"{after}{team.name[len(before) :]}")
        events = list(TeamEvent.objects.filter(team=team))
        for event in events:
            event.what = told.sub(after, event.what)
        TeamEvent.objects.bulk_update(events, ["what"])
    TeamEvent.objects.filter(who=before).update(who=after)
