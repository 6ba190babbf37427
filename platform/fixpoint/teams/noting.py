"""What becomes of a team is written down, and its members are told."""

from fixpoint.accounts.models import User
from fixpoint.accounts.notices import notices_give
from fixpoint.tasks.selectors import seeing
from fixpoint.teams.models import Team, TeamEvent

_LONGEST = TeamEvent._meta.get_field("what").max_length or 0  # noqa: SLF001 Django's documented name


def team_note(*, team: Team, who: User, what: str) -> None:
    """In the transaction that does it; whoever did it, or may not look at the task, is told nothing."""
    TeamEvent.objects.create(team=team, who=who.username, what=what[:_LONGEST])
    others = User.objects.filter(memberships__team=team, is_active=True).exclude(pk=who.pk)
    notices_give(
        to=seeing(others, team.task), subject=f"Your team {team} in {team.task}", text=what, path=f"/teams/{team.pk}/"
    )
