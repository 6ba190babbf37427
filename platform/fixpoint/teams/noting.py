"""What becomes of a team is written down, and its members are told."""

from django.utils.translation import gettext as _

from fixpoint.accounts.models import User
from fixpoint.accounts.notices import notices_give
from fixpoint.sayings.saying import said
from fixpoint.tasks.selectors import seeing
from fixpoint.teams.models import Team, TeamEvent

_LONGEST = TeamEvent._meta.get_field("what").max_length or 0  # noqa: SLF001 Django's documented name


def team_note(*, team: Team, who: User, what: str) -> None:
    """In the transaction that does it; whoever did it, or may not look at the task, is told nothing.

    `what` is an English sentence that sayings/of_teams.py knows.
    """
    TeamEvent.objects.create(team=team, who=who.username, what=what[:_LONGEST])
    others = User.objects.filter(memberships__team=team, is_active=True).exclude(pk=who.pk)
    notices_give(
        to=seeing(others, team.task),
        subject=lambda: _("Your team %(team)s in %(task)s") % {"team": team, "task": team.task},
        text=lambda: said(what),
        path=f"/teams/{team.pk}/",
    )
