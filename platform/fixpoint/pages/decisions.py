"""Which buttons stand under a scored entry: what its owner may still decide of it."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from fixpoint.accounts.models import User
from fixpoint.submissions.choosing import is_choosable, is_decidable
from fixpoint.submissions.models import Submission


@dataclass(frozen=True)
class Decisions:
    """`chosen` counts the team's chosen entries in the task; choosing is offered while there is room."""

    can_choose: bool
    chosen: int


def decisions_of(entry: Submission, reader: User | AnonymousUser) -> Decisions | None:
    """None where this person can decide nothing of it."""
    if not reader.is_authenticated or not is_decidable(entry, reader):
        return None
    chosen = Submission.objects.filter(task=entry.task_id, team=entry.team_id, is_chosen=True).count()
    has_room = chosen < entry.task.max_chosen
    return Decisions(can_choose=has_room and not entry.is_chosen and is_choosable(entry), chosen=chosen)
