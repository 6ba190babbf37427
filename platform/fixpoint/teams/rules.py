"""What may be done with teams: each rule with the sentence that says why not."""

import unicodedata

from django.db.models import Value
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from fixpoint.accounts.models import User
from fixpoint.tasks.models import Task
from fixpoint.teams.models import LONGEST_NAME, Team
from fixpoint.teams.selectors import teams_named

SHORTEST_NAME = 3
_ALPHABETS = {"LATIN", "GREEK", "CYRILLIC"}
"""Their letters look alike."""


class TeamRefusedError(Exception):
    """It cannot be done with this team; the message says why and what to do."""


def why_settled(task: Task) -> str:
    """Why teams cannot change any more; "" as long as they can."""
    if task.phase == Task.Status.CLOSED:
        return _("The task is closed: its teams stay as they are.")
    if task.teams_until and timezone.now() >= task.teams_until:
        until = f"{task.teams_until:%Y-%m-%d %H:%M}"
        return _("Teams of this task could change until %(until)s UTC: they stay as they are now.") % {"until": until}
    return ""


def why_too_large(task: Task, people: int) -> str:
    """Why so many cannot be one team; "" where they can."""
    if people <= task.max_team_size:
        return ""
    if task.max_team_size == 1:
        return _("In this task everybody takes part alone.")
    most = {"most": task.max_team_size, "people": people}
    return _("A team of this task has %(most)d people at most; together you would be %(people)d.") % most


def check_settled(task: Task) -> None:
    """TeamRefusedError once teams stay as they are."""
    if why := why_settled(task):
        raise TeamRefusedError(why)


def check_captain(team: Team, who: User) -> None:
    """TeamRefusedError for everybody but the captain."""
    if team.captain_id != who.pk:
        raise TeamRefusedError(_("Only the captain of the team can do this: ask %(name)s.") % {"name": team.captain})


def name_checked(name: str, *, task: Task, who: User, team: Team | None = None) -> str:
    """The name as it is kept, for `team` or for a new one. TeamRefusedError where it cannot be borne."""
    name = " ".join(unicodedata.normalize("NFKC", name).split())
    if not SHORTEST_NAME <= len(name) <= LONGEST_NAME:
        lengths = {"shortest": SHORTEST_NAME, "longest": LONGEST_NAME}
        raise TeamRefusedError(_("A name has %(shortest)d to %(longest)d signs.") % lengths)
    if not name.isprintable() or not any(each.isalnum() for each in name):
        raise TeamRefusedError(_("A name is made of letters, digits and signs that can be seen."))
    if len(_alphabets(name)) > 1:
        raise TeamRefusedError(_("Write the name in one alphabet: letters of several look alike."))
    people = User.objects.exclude(pk=who.pk).alias(lowered=Lower("username"))
    if people.filter(lowered=Lower(Value(name))).exists():
        raise TeamRefusedError(_("Another person is called so: choose another name."))
    named = teams_named(name, task)
    if (named.exclude(pk=team.pk) if team else named).exists():
        raise TeamRefusedError(_("Another team of this task is called so: choose another name."))
    return name


def _alphabets(name: str) -> set[str]:
    return {unicodedata.name(each, "").partition(" ")[0] for each in name if each.isalpha()} & _ALPHABETS
