"""All entries of a task as a table: which, in what order, and what each cost. One statement a page."""

import uuid
from dataclasses import dataclass

from django.db.models import (
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.expressions import OrderBy
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from fixpoint.energy.estimates import grams
from fixpoint.organizing.models import Featured
from fixpoint.submissions.models import Submission, SubmissionEnergy
from fixpoint.tasks.models import Task

SORTS = {
    "entered": "created_at",
    "dataset": "dataset__name",
    "team": "team__name",
    "owner": "owner__username",
    "state": "status",
    "attempts": "attempt",
    "kwh": "kwh",
    "time": "took",
    "told": "accuracy",
    "exact": "result__accuracy_public",
    "private": "result__accuracy_private",
}
"""By the word in the address the column; all of them can be turned round by a minus before the word."""
STATES = {
    **{each.value: each.label for each in Submission.Status},
    "disqualified": _("Disqualified"),
    "withdrawn": _("Withdrawn"),
    "featured": _("Featured"),
    "chosen": _("Chosen"),
    "reruns": _("Runs again"),
    "baselines": _("Baselines and references"),
}
_SPECIAL = {
    "disqualified": Q(disqualified_at__isnull=False),
    "withdrawn": Q(withdrawn_at__isnull=False),
    "featured": Q(featured__isnull=False),
    "chosen": Q(is_chosen=True),
    "reruns": Q(rerun_of__isnull=False),
    "baselines": ~Q(role=Submission.Role.PARTICIPANT),
}


@dataclass(frozen=True)
class Choice:
    """What the address asks for; what it asks for in vain is left out."""

    state: str = ""
    team: str = ""
    search: str = ""
    sort: str = "-entered"

    @classmethod
    def of(cls, query: QueryDict) -> "Choice":
        """As the form of filters and the heads of the columns send it."""
        state, team, sort = (query.get(name, "") for name in ("state", "team", "sort"))
        return cls(
            state=state if state in STATES else "",
            team=team if _is_id(team) else "",
            search=query.get("q", "").strip()[:100],
            sort=sort if sort.removeprefix("-") in SORTS else "-entered",
        )


def entries_of(task: Task, choice: Choice) -> QuerySet[Submission]:
    """Each with `kwh` over all its attempts, `unmeasured` phases of them, `took` from its start to its end."""
    own = SubmissionEnergy.objects.filter(submission=OuterRef("pk")).order_by().values("submission")
    rows = (
        Submission.objects.filter(_wanted(choice), task=task)
        .select_related("task", "dataset", "owner", "team", "result", "featured")
        .defer("result__correct", "result__per_seed", "task__description", "task__rules")
        .annotate(
            kwh=Subquery(own.annotate(sum=Sum("kwh")).values("sum"), output_field=FloatField()),
            unmeasured=Subquery(own.annotate(n=Count("pk", filter=Q(kwh=None))).values("n")),
            took=ExpressionWrapper(F("ended_at") - F("started_at"), output_field=DurationField()),
            is_featured=Exists(Featured.objects.filter(submission=OuterRef("pk"))),
        )
    )
    return rows.order_by(_order(choice.sort), "-created_at", "pk")


COLUMNS = (
    "entry", "entered_at", "dataset", "dataset_id", "team", "owner", "role", "rerun_of", "state", "reason", "attempts",
    "kwh", "unmeasured_phases", "grams", "seconds", "told", "exact", "private", "is_chosen", "withdrawn_at",
    "disqualified_at", "disqualified_why", "is_featured",
)  # fmt: skip


def line_of(entry: Submission) -> list[object]:
    """The same row as a line of CSV."""
    result = entry.result if entry.status == Submission.Status.SCORED else None
    kwh = getattr(entry, "kwh", None)
    took = getattr(entry, "took", None)
    return [
        entry.pk, entry.created_at.isoformat(), entry.dataset.name, entry.dataset_id, entry.team.name,
        entry.owner.username, entry.role, entry.rerun_of_id, entry.status, entry.reason, entry.attempt, kwh,
        getattr(entry, "unmeasured", None), None if kwh is None else grams_of(kwh, entry.task),
        took.total_seconds() if took else None, entry.accuracy, result and result.accuracy_public,
        result and result.accuracy_private, entry.is_chosen, entry.withdrawn_at and entry.withdrawn_at.isoformat(),
        entry.disqualified_at and entry.disqualified_at.isoformat(), entry.disqualified_why,
        getattr(entry, "is_featured", False),
    ]  # fmt: skip


def grams_of(kwh: float, task: Task) -> float:
    """By the task's own grid."""
    return grams(kwh, task.grid_g_per_kwh, task.pue)


def _wanted(choice: Choice) -> Q:
    wanted = Q()
    if choice.state:
        wanted &= _SPECIAL.get(choice.state, Q(status=choice.state))
    if choice.team:
        wanted &= Q(team=choice.team)
    if choice.search:
        by_words = ("dataset__name", "team__name", "owner__username", "reason")
        found = Q()
        for name in by_words:
            found |= Q(**{f"{name}__icontains": choice.search})
        wanted &= found | (Q(pk=choice.search) if _is_id(choice.search) else Q())
    return wanted


def _order(sort: str) -> OrderBy:
    """What has no value comes last, whichever way round."""
    column = F(SORTS[sort.removeprefix("-")])
    return column.desc(nulls_last=True) if sort.startswith("-") else column.asc(nulls_last=True)


def _is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
