"""Reading what was done to a task, by whom and why."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import QueryDict

from fixpoint.organizing.acts import What
from fixpoint.organizing.models import Act
from fixpoint.tasks.models import Task

COLUMNS = ("at", "who", "what", "subject_type", "subject_id", "subject", "why", "details")


@dataclass(frozen=True)
class AuditChoice:
    """What the address asks for."""

    what: str = ""
    who: str = ""
    search: str = ""

    @classmethod
    def of(cls, query: QueryDict) -> "AuditChoice":
        """As the form of filters sends it; a word that is none of the vocabulary is left out."""
        what = query.get("what", "")
        return cls(
            what=what if what in What.values else "",
            who=query.get("who", "")[:150],
            search=query.get("q", "").strip()[:100],
        )


def acts_of(task: Task, choice: AuditChoice) -> QuerySet[Act]:
    """The newest first."""
    wanted = Q(task=task)
    if choice.what:
        wanted &= Q(what=choice.what)
    if choice.who:
        wanted &= Q(who=choice.who)
    if choice.search:
        text = choice.search
        wanted &= Q(label__icontains=text) | Q(why__icontains=text) | Q(subject_id=text)
    return Act.objects.filter(wanted)


def actors_of(task: Task) -> list[str]:
    """Everybody who did anything to it."""
    return list(Act.objects.filter(task=task).order_by("who").values_list("who", flat=True).distinct())
